import type { Observation } from '../core/observation.ts';
import { holdOf, safetyOf } from '../core/outlook.ts';
import { asksScan } from '../core/questions.ts';
import type { SupervisorState } from '../core/supervisor-state.ts';
import type { Custodian } from './custodian/custodian.ts';
import type { BotOptions } from './options.ts';

/** Says how far a bot could be restarted safely: always for others, and in the log when that changes while it is well. */
type CustodyReport = {
  readonly words: () => string | null;
  /** True: more bots run than this look knows of, or another process writes the file: another look is worth it. */
  readonly look: (state: SupervisorState, seen: Observation) => boolean;
  /** What was said was said of a journal that could not be read. */
  readonly forget: () => void;
};

export const custodyReport = (
  { name: bot, command, restart: policy }: BotOptions,
  custodian: Custodian,
  log: (line: string) => void,
): CustodyReport => {
  let words: string | null = null;
  let saidKind: string | null = null;
  /** What a person has said that holds a restart back. */
  let hold: string | null = null;

  const report = (state: SupervisorState, seen: Observation, aloud: boolean) => {
    if (command === undefined) return;
    const commandFailed = state.restart?.commandFailed === true;
    const custody = seen.processes.custody ?? custodian.ask({ commandFailed, laterThanUp: null });
    words = safetyOf(state, seen, custody, policy);
    if (!aloud) return;
    const kind = words.replace(/\d+/g, '');
    if (kind !== saidKind) log(`Restarts of ${bot}: ${words}`);
    saidKind = kind;
  };

  return {
    words: () => words,
    look: (state, seen) => {
      const { state: health } = seen.health;
      const scanned = asksScan(state, health) && custodian.scan(health === 'healthy');
      const held = holdOf(state)?.why ?? null;
      const isOther = held !== hold;
      hold = held;
      if (scanned || words === null || isOther) report(state, seen, true);
      else if (seen.processes.custody !== null) report(state, seen, false);
      const { several, idle = null, lost = null } = seen.processes;
      return (
        scanned &&
        (custodian.several().length > several.length ||
          custodian.idle() !== idle ||
          custodian.lost() !== lost)
      );
    },
    forget: () => {
      words = null;
      saidKind = null;
    },
  };
};
