import type { Notification } from '@sentinel/notify';
import type { OnCommand } from '../product/commands.ts';
import type { Locks } from '../product/files.ts';
import type { Gate } from '../product/gate.ts';
import { createRandom, type Random } from '../random.ts';
import type { BotSetup, Script } from '../script.ts';
import { createTime } from '../time.ts';
import { type Bot, createBot, type Manner, type Run } from './bot.ts';
import { botOptionsOf } from './bot-options.ts';
import { createJournalFile } from './journal-file.ts';
import { createTable, processesOf } from './processes.ts';
import { folderOf, type Outcome, runCommand, startAlone } from './recipes.ts';
import { createSink } from './sink.ts';
import { createStatusFile, type StatusFile } from './status-file.ts';

/** One bot as the world has it, and how it is watched. */
export type Slot = {
  readonly setup: BotSetup;
  readonly bot: Bot;
  readonly file: StatusFile;
  readonly options: ReturnType<typeof botOptionsOf>;
  manner: Manner;
  outcome: Outcome;
};

/** Those who hear what happens in the world: the invariants. Each is told before it takes effect. */
export type Witness = {
  readonly commandRuns?: (slot: Slot, gate: Gate) => void;
  readonly lastResortRuns?: (slot: Slot) => void;
  readonly signalled?: (slot: Slot, run: Run, signal: NodeJS.Signals) => void;
  /** A process that is no bot and no command is signalled. */
  readonly strangerSignalled?: (pid: number, signal: NodeJS.Signals) => void;
  readonly told?: (slot: Slot | null, notification: Notification, gate: Gate) => void;
  readonly beat?: (slot: Slot, run: Run) => void;
  /** A check of the product's own has failed. */
  readonly checkFailed?: (words: string) => void;
};

export type World = ReturnType<typeof createWorld>;
type Log = Parameters<typeof import('@sentinel/monitor').startMonitor>[0]['log'];

/** A Monday at noon, UTC. */
const begin = Date.UTC(2026, 0, 5, 12);

/** When a bot's first beat comes where nothing delays it, in ms. */
const usual: Manner = { firstBeatMs: 800, endsAfterBeats: null };

export const createWorld = (script: Script, journalPath: string, trace: Log | null) => {
  const random: Random = createRandom(script.seed ^ 0x5eed);
  const time = createTime(script.begin ?? begin);
  const table = createTable(time);
  const sink = createSink(time);
  const journal = createJournalFile(journalPath, random.fork());
  const witnesses: Witness[] = [];
  const locks: Locks = new Map();
  let touched = false;
  let answering = true;

  const slots = script.bots.map((setup): Slot => {
    const file = createStatusFile(`${folderOf(setup.name)}/heartbeat_status.txt`, time);
    const bot = createBot(setup, file, table, time, (run) => {
      for (const witness of witnesses) witness.beat?.(slot, run);
    });
    const slot: Slot = {
      ...{ setup, bot, file, options: botOptionsOf(setup, file.path) },
      ...{ manner: usual, outcome: 'works' },
    };
    return slot;
  });
  const slotOf = (name: string) => slots.find(({ setup }) => setup.name === name) ?? null;
  const runsOf = (pid: number) => {
    const pids = pid < 0 ? table.inGroup(-pid).map((proc) => proc.pid) : [pid];
    return slots.flatMap((slot) =>
      slot.bot
        .living()
        .filter(({ proc }) => pids.includes(proc.pid))
        .map((run) => ({ slot, run })),
    );
  };

  return {
    ...{ script, random, time, table, sink, journal, locks, witnesses, trace, usual },
    intervalMs: 30_000,
    bots: slots,
    slotOf,
    files: new Map(slots.map(({ file }) => [file.path, file])),
    /** The system answers questions for processes, and lets files be opened. */
    answers: () => answering,
    setAnswers: (answers: boolean) => {
      answering = answers;
    },
    touch: () => {
      touched = true;
    },
    /** Whether the product was given something to do since this was asked last. */
    takeTouched: () => {
      const was = touched;
      touched = false;
      return was;
    },
    processesFor: (self: number, gate: Gate) =>
      processesOf(
        table,
        time,
        self,
        () => answering,
        (pid, signal) =>
          gate.effect(
            false,
            () => {
              if (table.living(pid)?.args?.[0] === 'nginx')
                for (const witness of witnesses) witness.strangerSignalled?.(pid, signal);
              for (const { slot, run } of runsOf(pid))
                for (const witness of witnesses) witness.signalled?.(slot, run, signal);
              return true;
            },
            'signal',
          ),
      ),
    onError: (line: string) => {
      if (!line.startsWith('A check of this program failed')) return;
      for (const witness of witnesses) witness.checkFailed?.(line);
    },
    onTold: (notification: Notification, gate: Gate) => {
      for (const witness of witnesses) witness.told?.(slotOf(notification.bot), notification, gate);
    },
    onCommand: (gate: Gate): OnCommand => {
      const of = (command: string) => slots.find(({ options }) => options.command === command);
      return {
        runs: (command, shell) => {
          const slot = of(command);
          if (slot === undefined) throw new Error(`${command} is of no bot`);
          for (const witness of witnesses) witness.commandRuns?.(slot, gate);
          const { setup, bot, outcome, manner } = slot;
          runCommand(shell, { ...{ table, time, bot, outcome, manner }, ...setup });
        },
        lastResort: (command) => {
          const slot = slots.find(({ options }) => options.lastResort === command);
          if (slot !== undefined) for (const witness of witnesses) witness.lastResortRuns?.(slot);
        },
      };
    },
    startByHand: (slot: Slot, by: Run['by']) => {
      const { setup, bot, manner } = slot;
      return startAlone(table, bot, setup.recipe, setup.name, by, manner);
    },
  };
};
