import { createCleaner } from '@sentinel/heartbeat-core';
import { openStore } from '@sentinel/history';
import { type Monitor, type Ports, startMonitor } from '@sentinel/monitor';
import { channelOf, createNotifier, jsonChannel, type Notification } from '@sentinel/notify';
import type { Pieces } from '../mutations/pieces.ts';
import type { World } from '../world/world.ts';
import { commandsOf } from './commands.ts';
import { filesOf } from './files.ts';
import { createGate, type Gate } from './gate.ts';
import { clocksOf, gated } from './gated.ts';
import { sourcesOf } from './sources.ts';

/** One run of the monitor, from its start to its death. */
export type MonitorRun = {
  readonly gate: Gate;
  readonly monitor: Monitor;
  readonly startedAt: number;
  /** Whether it has looked at a bot since this was asked last. */
  readonly takeLooked: () => boolean;
  /** It has told these. */
  readonly told: Told[];
  /** Ends it in order. */
  readonly stop: () => Promise<void>;
  /** Lets go of the file once it is gone, as the system does. */
  readonly dispose: () => void;
};
export type Told = { readonly at: number; readonly notification: Notification };

/** As the monitor cleans texts. The same texts come again and again, and each has one answer. */
const clean = (() => {
  const [cleaner, known] = [createCleaner(), new Map<string, string>()];
  return (text: string): string => {
    const found = known.get(text) ?? cleaner(text);
    if (known.size > 5000) known.clear();
    known.set(text, found);
    return found;
  };
})();

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** Starts the monitor in a world. @throws InstanceHeldError when another one watches there. */
export const startRun = (world: World, pieces: Pieces): MonitorRun => {
  const { time, table } = world;
  const self = table.spawn({ args: ['sentinel-monitor'] });
  const gate = createGate(
    time,
    () => {
      table.end(self, null, 'SIGKILL');
      // Whoever keeps it running sees that at once.
      world.touch();
    },
    () => world.touch(),
  );
  const clocks = clocksOf(time, gate);
  const opened = openStore(world.journal.file, { lockWaitMs: 0, clock: clocks.store });
  const store = pieces.store(gated(opened, gate));
  const told: Told[] = [];
  let looked = true;
  const random = world.random.fork();
  const said = world.trace === null ? silent : world.trace;
  const log = {
    ...said,
    error: (line: string) => {
      said.error(line);
      if (!gate.isDead()) world.onError(line);
    },
  };
  const notifier = createNotifier({
    store,
    channels: [
      channelOf(jsonChannel, { url: 'https://sink.example.org/' }, { name: 'ops' }),
      ...(world.bots.some(({ setup }) => setup.escalates)
        ? [
            channelOf(
              jsonChannel,
              { url: 'https://oncall.example.org/' },
              { name: 'oncall', floor: 'escalated' },
            ),
          ]
        : []),
    ],
    log: (line) => log.info(line),
    http: pieces.http(world.sink.httpFor(gate.after)),
    clock: clocks.store,
    random: random.next,
  });
  const clock = pieces.clock(clocks.monitor);
  const ports: Ports = {
    clock,
    random: random.next,
    sources: sourcesOf(world.files, gate, clock.now, world.journal.watch, pieces.reading, () => {
      looked = true;
    }),
    files: pieces.files(filesOf(world.files, world.locks, gate, world.answers)),
    processes: pieces.processes(world.processesFor(self.pid, gate)),
    commands: pieces.commands(commandsOf(table, time, gate, self.pid, world.onCommand(gate))),
  };
  const dispose = () => world.journal.leave(opened);
  const end = () => {
    gate.kill();
  };
  try {
    const monitor = startMonitor({
      ...ports,
      bots: world.bots.map(({ options }) => options),
      store,
      intervalMs: world.intervalMs,
      notifier: {
        notify: (notification) => {
          if (gate.isDead()) return;
          told.push({ at: time.mono(), notification });
          world.onTold(notification, gate);
          notifier.notify(notification);
        },
      },
      log,
      clean,
      environment: { PATH: '/usr/bin:/bin' },
      onOutput: () => {},
    });
    return {
      gate,
      monitor,
      startedAt: time.mono(),
      told,
      takeLooked: () => {
        const was = looked;
        looked = false;
        return was;
      },
      stop: async () => {
        await monitor.stop();
        await notifier.stop();
        if (!gate.isDead()) opened.close();
        end();
      },
      dispose,
    };
  } catch (error) {
    end();
    dispose();
    throw error;
  }
};
