import type { LoginOutcome } from '../core/login-policy.ts';
import { type Credentials, type LoginMethod, stages } from './login-method.ts';

const timeoutMs = 10_000;

/**
 * Signs in to the shipped broker site over plain HTTP, for the demo on a machine without Chromium. The site checks
 * user name and password the same way; a real broker's page needs the browser.
 */
export const createHttpLogin = (url: string, credentials: Credentials): LoginMethod => {
  let cookie = '';
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, url), {
      ...init,
      redirect: 'manual',
      headers: { cookie },
      signal: AbortSignal.timeout(timeoutMs),
    });

  const signedIn = async () => cookie !== '' && (await ask('/trade')).status === 200;

  const attempt = async (step: (name: string) => void): Promise<LoginOutcome> => {
    step(stages.navigation);
    if (await signedIn()) return { kind: 'already-signed-in' };
    await ask('/login');
    step(stages.authentication);
    const answer = await ask('/login', { method: 'POST', body: new URLSearchParams({ ...credentials }) });
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    if (answer.status === 401) return { kind: 'wrong-password' };
    if (await signedIn()) return { kind: 'signed-in' };
    return { kind: 'failed', during: stages.authentication, why: `HTTP ${answer.status} to the password` };
  };

  return {
    signIn: async (step) => {
      step(stages.start);
      return attempt(step).catch(
        (error: unknown): LoginOutcome => ({ kind: 'failed', during: stages.navigation, why: String(error) }),
      );
    },
    signedIn,
    signOut: async () => {
      if (cookie !== '') await ask('/logout', { method: 'POST' });
      cookie = '';
    },
    close: async () => undefined,
  };
};
