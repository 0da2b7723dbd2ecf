import type { Beat } from '../beat.ts';
import {
  afterAttempt,
  afterCutShort,
  afterLoss,
  beforeAttempt,
  beforePassword,
  decideLogin,
  explainOutcome,
  freshLogin,
  type LoginPolicy,
  type LoginState,
} from '../core/login-policy.ts';
import { statuses } from '../core/statuses.ts';
import type { Report } from '../reporter/events.ts';
import type { Memory } from '../store/memory.ts';
import { type LoginMethod, stages } from './login-method.ts';

export type SignInOptions = {
  readonly login: LoginMethod;
  readonly memory: Pick<Memory, 'facts'>;
  readonly policy: LoginPolicy;
  readonly beat: Beat;
  readonly report: Report;
  readonly now: () => number;
};

export type SignIn = {
  /** Signs in where the policy allows it. Whether there is a session now. */
  readonly signIn: (signal: AbortSignal) => Promise<boolean>;
  /** A session is gone that lasted so long: a short one counts as a failed attempt. */
  readonly lost: (lastedMs: number) => void;
};

const key = 'login';
/** A person was asked, and there has been no session since. */
const askedKey = 'login-asked';

/** A person has looked: attempts may begin again. */
export const unlockLogin = ({ facts }: Pick<Memory, 'facts'>) => facts.set(key, freshLogin);

/** What the status and people are told of the attempts. */
const createReport = ({ beat, report, memory: { facts } }: SignInOptions) => {
  let asked: string | undefined;
  return {
    succeeded: async (already: boolean): Promise<void> => {
      asked = undefined;
      beat(already ? statuses.alreadySignedIn : statuses.loginSuccessful, { sessionActive: true });
      // Who was asked for help hears that it is over, also from a bot that was restarted for it.
      const ends = facts.get(askedKey) === true ? ({ ends: 'critical' } as const) : {};
      if (facts.get(askedKey) === true) facts.set(askedKey, false);
      await report({ kind: 'login-success', already, ...ends });
    },
    failed: async (reason: string, failures: number): Promise<void> => {
      beat(statuses.loginFailed(reason), { sessionActive: false });
      await report({ kind: 'login-failure', reason, failures });
    },
    ask: async (why: string): Promise<void> => {
      beat(statuses.loginAsks(why), { sessionActive: false });
      if (asked === why) return;
      asked = why;
      facts.set(askedKey, true);
      await report({ kind: 'custom', severity: 'critical', text: `Login needs a person: ${why}` });
      beat(statuses.loginAsks(why), { sessionActive: false });
    },
  };
};

/**
 * Attempts to sign in: by the policy, counted on disk before each, and told with their outcome.
 *
 * @param began is called when there is a session, before anybody is told: who stops the bot meanwhile signs it out.
 */
export const createSignIn = (options: SignInOptions, began: () => void): SignIn => {
  const { login, policy, beat, now } = options;
  const { facts } = options.memory;
  const told = createReport(options);
  const state = (): LoginState => ({ ...freshLogin, ...(facts.get(key) as Partial<LoginState> | undefined) });

  const attempt = async (signal: AbortSignal): Promise<boolean> => {
    facts.set(key, beforeAttempt(state(), now()));
    const step = (name: string) => {
      if (name === stages.authentication) facts.set(key, beforePassword(state()));
      beat(statuses.loginStep(name), { sessionActive: false });
    };
    const outcome = await login.signIn(step, signal);
    if (signal.aborted) {
      facts.set(key, afterCutShort(state()));
      return false;
    }
    facts.set(key, afterAttempt(state(), outcome, now()));
    if (outcome.kind === 'signed-in' || outcome.kind === 'already-signed-in') {
      began();
      await told.succeeded(outcome.kind === 'already-signed-in');
      return true;
    }
    await told.failed(explainOutcome(outcome), state().failures);
    return false;
  };

  const signIn = async (signal: AbortSignal): Promise<boolean> => {
    const decision = decideLogin(state(), now(), policy);
    if (decision.action === 'try' && (await attempt(signal))) return true;
    if (signal.aborted) return false;
    const next = decideLogin(state(), now(), policy);
    if (next.action === 'ask-person') await told.ask(next.why);
    if (next.action === 'wait') {
      const seconds = Math.ceil((next.untilAt - now()) / 1000);
      beat(statuses.loginWait(seconds, next.failures), { sessionActive: false });
    }
    return false;
  };

  return { signIn, lost: (lastedMs) => facts.set(key, afterLoss(state(), lastedMs, now(), policy)) };
};
