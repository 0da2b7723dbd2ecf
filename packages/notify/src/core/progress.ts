import type { SendOutcome } from './outcome.ts';

/** So many different messages in a row that are refused as plain text too: it is the channel that refuses. */
const mostRefusals = 3;
/** So many answers in a row that are not the channel's: what waits need not wait for a proxy to be mended. */
const mostForeign = 3;
/** A channel that asks to be left alone for longer does not deliver: what is critical cannot wait so long, in ms. */
export const longestAskedMs = 60_000;
/** So many faults in a row, of about fifteen seconds: this program cannot post there. */
const mostFaults = 5;

export type Progress = {
  /** The message under way. */
  readonly message: {
    readonly tries: number;
    /** What the log has named last as the cause. */
    readonly complaint: string | null;
    /** Why its usual form was refused; `null`: it was not. */
    readonly refusal: string | null;
    /** An earlier try may have arrived. */
    readonly uncertain: boolean;
  };
  /** In a row: messages that were refused in every form, answers of somebody else, faults of this program. */
  readonly refusals: number;
  readonly foreign: number;
  readonly faults: number;
};

export type AfterTry =
  | { readonly kind: 'sent' }
  /** The same message again. `news`: the log has not named this cause yet. */
  | { readonly kind: 'again'; readonly news: boolean }
  /** The same message as plain text, while the channel counts as dead. */
  | { readonly kind: 'again-plain' }
  /**
   * All that waits goes to another channel, if there is one; else the same message again. `askedMs`: the channel asks to be
   * left alone for so long; `null`: it does not.
   */
  | { readonly kind: 'hand-over'; readonly news: boolean; readonly askedMs: number | null }
  /** This message is refused in every form. */
  | { readonly kind: 'give-up' }
  /** The channel is not used any more. `faulty`: through the fault of this program. */
  | { readonly kind: 'dead'; readonly reason: string; readonly faulty: boolean };

/** A try that met a fault of this program, not of the network. `cause` holds no secret. */
export type Fault = { readonly kind: 'fault'; readonly cause: string };

const newMessage: Progress['message'] = { tries: 0, complaint: null, refusal: null, uncertain: false };

export const noProgress: Progress = { message: newMessage, refusals: 0, foreign: 0, faults: 0 };

/** The next message begins with a clean slate. */
export const withNextMessage = (progress: Progress): Progress => ({ ...progress, message: newMessage });

/** A try begins. `attempts`: those that were noted before it, by an earlier process too. */
export const withTry = (progress: Progress, attempts: number): Progress => {
  const { tries, uncertain, ...message } = progress.message;
  // A try that this process did not make was cut short by the end of the process before.
  const cutShort = tries === 0 && attempts > 0;
  return { ...progress, message: { ...message, tries: tries + 1, uncertain: uncertain || cutShort } };
};

export const afterTry = (
  before: Progress,
  outcome: SendOutcome | Fault,
): { readonly progress: Progress; readonly step: AfterTry } => {
  if (outcome.kind === 'sent') return { progress: noProgress, step: { kind: 'sent' } };
  if (outcome.kind === 'fault') return afterFault(before, outcome.cause);
  const complaint = `${outcome.reason} ${outcome.detail}`;
  const news = complaint !== before.message.complaint;
  if (outcome.kind === 'retry') {
    const { detail, plainer = false, uncertain = false } = outcome;
    const foreign = outcome.reason === 'foreign' ? before.foreign + 1 : 0;
    const message = {
      ...before.message,
      complaint,
      refusal: before.message.refusal ?? (plainer ? detail : null),
      uncertain: before.message.uncertain || uncertain,
    };
    const askedMs = outcome.waitMs > longestAskedMs ? outcome.waitMs : null;
    const step: AfterTry =
      foreign >= mostForeign || askedMs !== null
        ? { kind: 'hand-over', news, askedMs }
        : { kind: 'again', news };
    return { progress: { ...before, message, foreign, faults: 0 }, step };
  }
  const { of, detail } = outcome;
  const { refusal } = before.message;
  const progress = {
    ...before,
    message: { ...before.message, complaint, refusal: refusal ?? detail },
    foreign: 0,
    faults: 0,
  };
  if (of === 'channel') return { progress, step: { kind: 'dead', reason: detail, faulty: false } };
  // Nobody can tell a channel that takes nothing more from a message that it does not like: the channel counts as dead
  // until it takes something, and what was refused is not sent again. A plain text that says the same is.
  if (refusal === null) return { progress, step: { kind: 'again-plain' } };
  const refusals = before.refusals + 1;
  return {
    progress: { ...progress, refusals },
    step: refusals < mostRefusals ? { kind: 'give-up' } : { kind: 'dead', reason: detail, faulty: false },
  };
};

/** It may pass, and is not tried for ever. What waits is given to the fallback then, or waits for the next start. */
const afterFault = (before: Progress, cause: string): { progress: Progress; step: AfterTry } => {
  const faults = before.faults + 1;
  const message = { ...before.message, complaint: cause, uncertain: true };
  return {
    progress: { ...before, message, faults },
    step:
      faults < mostFaults
        ? { kind: 'again', news: cause !== before.message.complaint }
        : { kind: 'dead', reason: `a fault of this program: ${cause}`, faulty: true },
  };
};
