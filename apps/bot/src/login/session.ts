import { unlessFault } from '../core/faults.ts';
import { statuses } from '../core/statuses.ts';
import { createSignIn, type SignInOptions } from './sign-in.ts';

type SessionOptions = SignInOptions & {
  /** After this time the session is renewed before the broker ends it. */
  readonly sessionMs: number;
  /** The broker is asked this often whether the session is still there: for so long `session_active` may be wrong. */
  readonly checkMs: number;
};

export type Session = {
  /** Signs in when there is no session or it is due, and when the policy allows. Whether the session is there. */
  readonly keep: (signal: AbortSignal) => Promise<boolean>;
  /**
   * Asks the broker whether the session is really there, and signs in when it is not. Right before an order.
   * `renewed`: it took a sign-in, so that what was known before is old.
   */
  readonly confirm: (signal: AbortSignal) => Promise<'held' | 'renewed' | 'none'>;
  /** Something went wrong that a lost session may be the cause of: the next {@link Session.keep} asks the broker. */
  readonly doubt: () => void;
  /** Takes it that the session is gone: the next {@link Session.keep} signs in again. */
  readonly forget: () => void;
  /** Whether there is one, as far as is known. */
  readonly active: () => boolean;
  /** Rejects when the broker does not confirm it. */
  readonly signOut: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Keeps the bot signed in: sign-in, renewal, and the truth about `session_active` in every beat. */
export const createSession = (options: SessionOptions): Session => {
  const { login, beat, now } = options;
  let since: number | undefined;
  let checkedAt = 0;
  let doubted = false;
  const { signIn, lost } = createSignIn(options, () => {
    since = now();
    checkedAt = since;
  });

  const signOut = async () => {
    const was = since;
    since = undefined;
    if (was !== undefined) await login.signOut();
  };

  const forget = () => {
    if (since !== undefined) lost(now() - since);
    since = undefined;
    beat(statuses.sessionLost, { sessionActive: false });
  };

  const doubt = () => {
    doubted = true;
  };

  const look = async (): Promise<boolean> => {
    doubted = false;
    checkedAt = now();
    const there = await login.signedIn().catch(unlessFault(false));
    if (!there) forget();
    return there;
  };

  const keep = async (signal: AbortSignal) => {
    const due = doubted || Math.abs(now() - checkedAt) >= options.checkMs;
    if (since !== undefined && due) await look();
    if (since !== undefined && now() - since < options.sessionMs) return true;
    if (since !== undefined) {
      beat(statuses.renewal, { sessionActive: false });
      await signOut().catch(unlessFault(undefined));
    }
    return signIn(signal);
  };

  const confirm: Session['confirm'] = async (signal) => {
    const before = since;
    if (!(await keep(signal))) return 'none';
    if (since !== before) return 'renewed';
    beat(statuses.sessionCheck);
    if (!(await look())) return (await keep(signal)) ? 'renewed' : 'none';
    beat(statuses.sessionActive, { sessionActive: true });
    return 'held';
  };

  const active = () => since !== undefined;
  return { keep, confirm, forget, doubt, active, signOut, close: () => login.close() };
};
