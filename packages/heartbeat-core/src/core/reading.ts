import type { Problem } from './problem.ts';
import type { StatusRecord } from './status-record.ts';

/** What a look at the status file gave: a beat, or the reason why there is none. */
export type Reading =
  | { readonly kind: 'beat'; readonly record: StatusRecord }
  | { readonly kind: 'missing' | 'corrupt' | 'unreadable'; readonly problem: Problem };
