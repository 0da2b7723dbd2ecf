import type { BotSettings, Config } from '@sentinel/monitor';
import type { Shell } from './flag-table.ts';

/** The flags that were given, and no others. */
export type Given = Partial<Omit<BotSettings, 'marketHours'>> &
  Partial<Pick<Config, 'interval' | 'notify' | 'pingUrl' | 'publicUrl' | 'allClear' | 'selfTest'>> & {
    /** A file that holds them. */
    readonly marketHours?: string;
    readonly check?: boolean;
    readonly verbose?: boolean;
    readonly json?: boolean;
    readonly config?: string;
  };

export type Request = { readonly given: Given } & (
  | { readonly task: 'watch' | 'list' }
  | {
      readonly task: 'status';
      /** The other hosts too. */
      readonly peers: boolean;
      /** What a check says, and nothing else. */
      readonly plain: boolean;
    }
  | { readonly task: 'logs'; readonly lines: number }
  | { readonly task: 'history'; readonly limit: number }
  | { readonly task: 'replay'; readonly file: string }
  | { readonly task: 'completion'; readonly shell: Shell }
  | { readonly task: 'fleet'; readonly words: readonly string[]; readonly observer: string | undefined }
  | {
      readonly task: 'wrap';
      readonly command: readonly string[];
      readonly name: string | undefined;
      readonly quietForMinutes: number | undefined;
    }
  | {
      readonly task: 'order';
      readonly kind: string;
      /** The bot that was named after the command; `undefined`: as the flags say. */
      readonly bot: string | undefined;
      readonly args: Readonly<Record<string, unknown>>;
      /** How long a monitor may take to take the order, in ms; `undefined`: the usual. */
      readonly waitMs: number | undefined;
      /** A journal that cannot be used is moved away first. */
      readonly setAside: boolean;
    }
);

/** What one command asks for; the flags that stand before it come to it. */
export type Ask = (
  request: Request extends infer One ? (One extends Request ? Omit<One, 'given'> : never) : never,
) => void;
