import type { Beat } from '../beat.ts';
import { unlessFault } from '../core/faults.ts';
import {
  afterAttempt,
  afterCutShort,
  afterLoss,
  beforeAttempt,
  beforePassword,
  decideLogin,
  explainOutcome,
  freshLogin,
  type LoginOutcome,
  type LoginPolicy,
  type LoginState,
} from '../core/login-policy.ts';
import { statuses } from '../core/statuses.ts';
import type { Report } from '../reporter/events.ts';
import type { Memory } from '../store/memory.ts';
import { type LoginMethod, stages } from './login-method.ts';

type SessionOptions = {
  readonly login: LoginMethod;
  readonly memory: Pick<Memory, 'facts'>;
  readonly policy: LoginPolicy;
  /** After this time the session is renewed before the broker ends it. */
  readonly sessionMs: number;
  /** The broker is asked this often whether the session is still there: for so long `session_active` may be wrong. */
  readonly checkMs: number;
  readonly beat: Beat;
  readonly report: Report;
  readonly now: () => number;
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

const key = 'login';
/** A person was asked, and there has been no session since. */
const askedKey = 'login-asked';

/** A person has looked: attempts may begin again. */
export const unlockLogin = ({ facts }: Pick<Memory, 'facts'>) => facts.set(key, freshLogin);

/** Keeps the bot signed in: attempts by policy, renewal, and the truth about `session_active` in every beat. */
export const createSession = (options: SessionOptions): Session => {
  const { login, policy, beat, report, now } = options;
  const { facts } = options.memory;
  let since: number | undefined;
  let checkedAt = 0;
  let asked: string | undefined;
  let doubted = false;
  const state = (): LoginState => ({ ...freshLogin, ...(facts.get(key) as Partial<LoginState> | undefined) });

  const tell = async (outcome: LoginOutcome): Promise<void> => {
    if (outcome.kind === 'signed-in' || outcome.kind === 'already-signed-in') {
      since = now();
      checkedAt = since;
      asked = undefined;
      beat(outcome.kind === 'signed-in' ? statuses.loginSuccessful : statuses.alreadySignedIn, {
        sessionActive: true,
      });
      const already = outcome.kind === 'already-signed-in';
      // Who was asked for help hears that it is over, also from a bot that was restarted for it.
      if (facts.get(askedKey) !== true) return report({ kind: 'login-success', already });
      facts.set(askedKey, false);
      return report({ kind: 'login-success', already, ends: 'critical' });
    }
    const reason = explainOutcome(outcome);
    beat(statuses.loginFailed(reason), { sessionActive: false });
    await report({ kind: 'login-failure', reason, failures: state().failures });
  };

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
    await tell(outcome);
    return since !== undefined;
  };

  const ask = async (why: string): Promise<void> => {
    beat(statuses.loginAsks(why), { sessionActive: false });
    if (asked === why) return;
    asked = why;
    facts.set(askedKey, true);
    await report({ kind: 'custom', severity: 'critical', text: `Login needs a person: ${why}` });
    beat(statuses.loginAsks(why), { sessionActive: false });
  };

  const signIn = async (signal: AbortSignal): Promise<boolean> => {
    const decision = decideLogin(state(), now(), policy);
    if (decision.action === 'try' && (await attempt(signal))) return true;
    if (signal.aborted) return false;
    const next = decideLogin(state(), now(), policy);
    if (next.action === 'ask-person') await ask(next.why);
    if (next.action === 'wait') {
      const seconds = Math.ceil((next.untilAt - now()) / 1000);
      beat(statuses.loginWait(seconds, next.failures), { sessionActive: false });
    }
    return false;
  };

  const signOut = async () => {
    const was = since;
    since = undefined;
    if (was !== undefined) await login.signOut();
  };

  const forget = () => {
    if (since !== undefined) facts.set(key, afterLoss(state(), now() - since, now(), policy));
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
