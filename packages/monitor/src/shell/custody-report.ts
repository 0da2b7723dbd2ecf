import type { Observation } from '../core/observation.ts';
import { holdOf, safetyOf } from '../core/outlook.ts';
import { asksScan } from '../core/questions.ts';
import { whyNoStop } from '../core/steps/stopping.ts';
import type { CustodyWords } from '../core/supervision.ts';
import type { SupervisorState } from '../core/supervisor-state.ts';
import type { Custodian } from './custodian/custodian.ts';
import type { BotOptions } from './options.ts';

type Parts = {
  readonly options: BotOptions;
  readonly act: { readonly custodian: Custodian };
  readonly log: (line: string) => void;
};

/** Says how far a bot could be restarted safely: always for others, and in the log when that changes while it is well. */
export class CustodyReport {
  private readonly parts: Parts;
  private said: CustodyWords | null = null;
  private saidKind: string | null = null;
  /** What a person has said that holds a restart back. */
  private hold: string | null = null;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  words(): CustodyWords | null {
    return this.said;
  }

  /** True: more bots run than this look knows of, or another process writes the file: another look is worth it. */
  look(state: SupervisorState, seen: Observation): boolean {
    const { scans } = this.parts.act.custodian;
    const { state: health } = seen.health;
    const scanned = asksScan(state, health) && scans.scan(health === 'healthy');
    const held = holdOf(state)?.why ?? null;
    const isOther = held !== this.hold;
    this.hold = held;
    if (scanned || this.said === null || isOther) this.report(state, seen, true);
    else if (seen.processes.custody !== null) this.report(state, seen, false);
    const { several, idle = null, lost = null } = seen.processes;
    return (
      scanned && (scans.several().length > several.length || scans.idle() !== idle || scans.lost() !== lost)
    );
  }

  /** What was said was said of a journal that could not be read. */
  forget(): void {
    this.said = null;
    this.saidKind = null;
  }

  private report(state: SupervisorState, seen: Observation, aloud: boolean): void {
    const { name: bot, command, restart: policy } = this.parts.options;
    if (command === undefined) return;
    const commandFailed = state.restart?.commandFailed === true;
    const custody =
      seen.processes.custody ?? this.parts.act.custodian.ask({ commandFailed, laterThanUp: null });
    const restart = safetyOf(state, seen, custody, policy);
    this.said = { restart, noStop: whyNoStop(custody) };
    if (!aloud) return;
    const kind = restart.replace(/\d+/g, '');
    if (kind !== this.saidKind) this.parts.log(`Restarts of ${bot}: ${restart}`);
    this.saidKind = kind;
  }
}
