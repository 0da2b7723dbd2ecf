import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Credentials } from '../login/login-method.ts';
import type { SiteFaults } from './faults.ts';

const same = (a: string, b: string) => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** Who is signed in to the site. In memory: a restarted site knows nobody. */
export const createSessions = (account: Credentials, faults: SiteFaults) => {
  const tokens = new Set<string>();
  let signIns = 0;
  const refused = () => {
    signIns += 1;
    if (faults.rejectLogins > 0) {
      faults.rejectLogins -= 1;
      return true;
    }
    return faults.rejectEvery > 0 && signIns % faults.rejectEvery === faults.rejectEvery - 1;
  };
  return {
    /** A token, or `null` when user name or password is wrong. */
    signIn: ({ username, password }: Credentials): string | null => {
      const right = same(username, account.username) && same(password, account.password);
      if (!right || refused()) return null;
      const token = randomUUID();
      tokens.add(token);
      return token;
    },
    has: (token: string | undefined): token is string => token !== undefined && tokens.has(token),
    signOut: (token: string | undefined) => void (token !== undefined && tokens.delete(token)),
    /** Everybody is signed out, as brokers do at night. */
    dropAll: () => tokens.clear(),
    count: () => tokens.size,
    attempts: () => signIns,
  };
};
