import type { LoginOutcome } from '../core/login-policy.ts';

/** The stages of an attempt, as they stand in the status. From `authentication` on the password is sent. */
export const stages = {
  start: 'Initialization',
  browser: 'Chrome setup',
  navigation: 'Navigation',
  authentication: 'Authentication',
} as const;

/** A way into the broker: a browser, or plain HTTP for the shipped site. What it does is one attempt, no policy. */
export type LoginMethod = {
  /** One attempt to sign in. `step` is called at each stage. Never rejects. */
  readonly signIn: (step: (name: string) => void, signal: AbortSignal) => Promise<LoginOutcome>;
  /** Asks the broker whether the session is still there. Rejects when it cannot be asked. */
  readonly signedIn: () => Promise<boolean>;
  readonly signOut: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type Credentials = { readonly username: string; readonly password: string };
