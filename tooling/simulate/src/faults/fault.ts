import type { Effect } from '../product/gate.ts';
import type { Outcome } from '../world/recipes.ts';
import type { Manners } from '../world/sink.ts';

/** What a person orders. */
export type Order =
  | ('pause' | 'resume' | 'restart' | 'reset' | 'test-alert')
  | ('halt' | 'unhalt' | 'ack' | 'snooze' | 'note' | 'stop' | 'start');

type OfBot = { readonly bot: number };

/** What befalls the world. Lengths of time are in ms. */
export type Fault =
  | (OfBot & {
      readonly kind:
        | 'crash'
        | 'hang'
        | 'stuck'
        | 'error'
        | 'goes-on'
        | 'started-by-hand'
        | 'pid-reused'
        | 'planned-stop';
    })
  | (OfBot & { readonly kind: 'silent'; readonly ms: number })
  | (OfBot & { readonly kind: 'slow-start'; readonly ms: number })
  | (OfBot & { readonly kind: 'crashes-again'; readonly beats: number | null })
  | (OfBot & { readonly kind: 'command'; readonly outcome: Outcome })
  | (OfBot & { readonly kind: 'bot-clock'; readonly aheadMs: number })
  | (OfBot & {
      readonly kind:
        | 'file-removed'
        | 'file-torn'
        | 'file-emptied'
        | 'file-noise'
        | 'file-restored'
        | 'file-touched';
    })
  | (OfBot & { readonly kind: 'file-is-folder' | 'events-lost'; readonly ms: number })
  | (OfBot & { readonly kind: 'disk'; readonly code: 'ENOSPC' | 'EROFS'; readonly ms: number })
  | { readonly kind: 'clock-set'; readonly byMs: number }
  | { readonly kind: 'machine-sleeps' | 'monitor-frozen' | 'no-descriptors'; readonly ms: number }
  | { readonly kind: 'sink'; readonly manners: Manners; readonly ms: number }
  | {
      /** `earlier-version`: killed, and version 0.1.0 was put back until it is started again. */
      readonly kind: 'monitor-killed' | 'monitor-stopped' | 'earlier-version';
      readonly awayMs: number;
    }
  | {
      readonly kind: 'monitor-killed-within';
      readonly effects: number;
      readonly when: 'before' | 'after';
      /** Only these effects count. Default: all. */
      readonly of?: Effect;
      readonly awayMs: number;
    }
  | { readonly kind: 'second-monitor' | 'journal-removed' | 'journal-log-removed' | 'journal-damaged' }
  | { readonly kind: 'journal-locked' | 'journal-is-folder'; readonly ms: number }
  | { readonly kind: 'journal-disk'; readonly code: 'ENOSPC' | 'EROFS'; readonly ms: number }
  | (OfBot & {
      readonly kind: 'ordered';
      readonly order: Order;
    });
