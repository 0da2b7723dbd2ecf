import type { Commands } from '@sentinel/monitor';
import type { Time } from '../time.ts';
import { host, machine, type Proc, type Table } from '../world/processes.ts';
import type { Gate } from './gate.ts';

type Restarter = ReturnType<Commands['restarter']>;
type Options = Parameters<Commands['restarter']>[0];
type Mark = NonNullable<ReturnType<Options['memory']['load']>>;

/** What the world does with a restart command. */
export type OnCommand = {
  /** It is about to run in this process: from now on the process is what it starts. */
  readonly runs: (command: string, shell: Proc) => void;
  readonly lastResort: (command: string) => void;
};

/** As in `createRestarter`: the shell waits for a line before it becomes the one that runs the command. */
const gateWords = 'read -r _ && exec /bin/sh -c "$1" </dev/null';

const here = `${machine.boot} ${machine.namespace}`;
const markOf = (proc: Proc): Mark => ({
  group: proc.pid,
  machine: here,
  startTicks: proc.mark,
  host,
  rooted: false,
});

/** The restart commands of one run of the monitor, as `createRestarter` runs real ones. */
export const commandsOf = (table: Table, _time: Time, gate: Gate, self: number, on: OnCommand): Commands => {
  const isSameGroup = ({ group, startTicks }: Mark) => {
    const leader = table.living(group);
    return (leader === undefined || leader.mark === startTicks) && table.inGroup(group).length > 0;
  };
  const restarter = ({ command, memory, now, log, onExit }: Options): Restarter => {
    let own: {
      readonly shell: Proc;
      readonly mark: Mark;
      readonly startedAt: number;
      end: { readonly at: number; readonly exitCode: number | null; readonly signal: string | null } | null;
    } | null = null;
    let refused: { readonly why: string; readonly at: number } | null = null;
    const nothing = () => ({
      ...{ startedAt: null, running: false, endedAt: null, groupAlive: null, exitCode: null, signal: null },
      ...{ refused: refused?.why ?? null, refusedAt: refused?.at ?? null, output: '' },
    });
    const lastMark = () => own?.mark ?? memory.load();
    const refuse = (why: string) => {
      refused = { why, at: now() };
      if (own !== null && own.end !== null) own = null;
      onExit();
    };
    return {
      refuse,
      restart: () =>
        gate.effect(
          undefined,
          () => {
            refused = null;
            const before = memory.load();
            const shell = table.spawn({
              parent: self,
              args: ['/bin/sh', '-c', gateWords, 'sentinel-restart', command],
            });
            const mark = markOf(shell);
            if (!memory.save(mark)) {
              table.end(shell, 1);
              memory.save(before);
              refuse('the journal could not be written: the command was not run');
              return;
            }
            if (gate.isDead()) {
              // The end of its input ends the shell before it runs anything.
              table.end(shell, 1);
              return;
            }
            const mine = { shell, mark, startedAt: now(), end: null } as NonNullable<typeof own>;
            own = mine;
            shell.onEnd.push((exitCode, signal) => {
              if (gate.isDead()) return;
              mine.end = { at: now(), exitCode, signal };
              gate.after(1, () => {
                log(`The restart command ended (${signal ?? `exit code ${exitCode}`})`);
                onExit();
              });
            });
            Object.assign(shell, { args: ['/bin/sh', '-c', command] });
            on.runs(command, shell);
          },
          'command',
        ),
      end: async () => {
        const mark = lastMark();
        if (mark !== null && isSameGroup(mark)) table.signal(-mark.group, 'SIGKILL');
        memory.save(null);
      },
      signal: (signal) =>
        gate.effect(
          undefined,
          () => {
            const mark = lastMark();
            if (mark !== null && isSameGroup(mark)) table.signal(-mark.group, signal);
          },
          'signal',
        ),
      group: () => {
        const mark = lastMark();
        if (mark === null) return 'none';
        const end = own?.end ?? null;
        return {
          group: mark.group,
          alive: isSameGroup(mark),
          startedUp: mark.startTicks * 10,
          held: false,
          end: end === null ? null : end.exitCode === 0 ? 'well' : 'failed',
          origin: null,
        };
      },
      facts: (search) => {
        if (own !== null) {
          const { startedAt, end, mark } = own;
          const { exitCode = null, signal = null, at: endedAt = null } = end ?? {};
          const running = end === null;
          return {
            ...nothing(),
            startedAt,
            running,
            exitCode,
            signal,
            endedAt,
            groupAlive: isSameGroup(mark),
          };
        }
        if (refused !== null) return nothing();
        const mark = search ? memory.load() : null;
        if (mark === null) return null;
        const alive = isSameGroup(mark);
        return { ...nothing(), running: alive, groupAlive: alive };
      },
      passOutput: () => {},
      close: () => {},
    };
  };
  return {
    restarter,
    lastResort: (command, _env, _log, done) =>
      gate.effect(
        undefined,
        () => {
          on.lastResort(command);
          gate.after(1000, () => done({ ok: true, tookMs: 1000, exitCode: 0, signal: null, output: '' }));
        },
        'command',
      ),
    endProcess: async (pid, lives) => {
      if (lives()) table.signal(pid, 'SIGKILL');
      return 'ended';
    },
  };
};
