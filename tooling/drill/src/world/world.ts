import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCensus } from './alive.ts';
import { type Alerts, alertsOf, type Figures } from './figures.ts';
import { lives, orGone, processesIn, signal } from './proc.ts';
import { type Options, type Program, startProgram } from './program.ts';
import { type App, copyForEveryone, entryOf, installWriter } from './programs.ts';
import { type PythonBot, pythonBot } from './python-bot.ts';
import { typescriptBot } from './typescript-bot.ts';
import { expect, never, Unmet, until } from './wait.ts';
import { startWebhook, type Webhook } from './webhook.ts';
import { words } from './words.ts';

/** The monitor's policy in every drill that says nothing else, in seconds. */
export const policy = { maxAge: 6, grace: 15, backoff: 1, killAfter: 5, secondLook: 10 } as const;

/** How much later than the policy says something may come: two busy cores and a slow disk. */
export const slack = 30;

export type MonitorOptions = Options & {
  readonly restart?: string;
  /** Minutes. */
  readonly maxAge?: number;
  readonly grace?: number;
  readonly args?: readonly string[];
};

const flagsOf = ({ restart, maxAge, grace, args = [] }: MonitorOptions): string[] => [
  ...['--max-age', String(maxAge ?? policy.maxAge / 60)],
  ...['--startup-grace', String(grace ?? policy.grace / 60)],
  ...['--backoff', String(policy.backoff), '--interval', '5'],
  ...(restart === undefined ? [] : ['--restart', restart]),
  ...args,
];

/** What a drill has mounted in its folder. */
const unmountBelow = (folder: string): void => {
  const mounts = (orGone(() => readFileSync('/proc/self/mountinfo', 'utf8')) ?? '')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point.startsWith(`${folder}/`));
  for (const point of mounts.reverse()) spawnSync('umount', ['-l', point]);
};

/** Where one drill is played: a folder, a webhook, the shipped programs, and bots that are counted. */
export const openWorld = async () => {
  const folder = mkdtempSync(join(tmpdir(), `sentinel-drill-`));
  mkdirSync(join(folder, 'logs'));
  const path = (...parts: string[]) => join(folder, ...parts);
  const webhook = await startWebhook();
  const census = openCensus(path('pids'));
  const programs: Program[] = [];
  const kills: number[] = [];
  const others: Webhook[] = [];
  let faultAt: number | null = null;

  const start = (argv: readonly string[], options: Options = {}): Program => {
    const program = startProgram([...(options.through ?? []), ...argv], folder, options.env);
    programs.push(program);
    return program;
  };
  const app = (which: App, args: readonly string[], options: Options = {}): Program => {
    const program = start([options.node ?? process.execPath, options.entry ?? entryOf(which), ...args], {
      ...options,
      env: { SLACK_WEBHOOK_URL: webhook.url, ...options.env },
    });
    if (which !== 'monitor') return program;
    const kill = (signal: NodeJS.Signals) => {
      const sent = program.kill(signal);
      if (signal === 'SIGKILL') void program.ended.then(() => kills.push(performance.now()));
      return sent;
    };
    return { ...program, kill };
  };
  const once = async (args: readonly string[], options: Options = {}) => {
    const program = app('monitor', args, { ...options, env: { SLACK_WEBHOOK_URL: '', ...options.env } });
    const code = await program.ended;
    return { code: code ?? -1, line: program.said() };
  };

  const write = (file: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text, { mode });
  };
  const monitor = async (options: MonitorOptions = {}): Promise<Program> => {
    const program = app('monitor', flagsOf(options), options);
    await until(
      'the monitor watches',
      () => program.said().includes('Watching') || program.exitCode() !== null,
    );
    return program;
  };
  /** Starts heartbeat.py by hand and waits for its first beat. */
  const bot = async (options: Options & { readonly beats?: boolean; readonly script?: string } = {}) => {
    const before = census.starts().length;
    const program = start([options.node ?? 'python3', options.script ?? 'heartbeat.py'], options);
    const pid = await until('the bot has started', () => census.starts()[before]);
    if (options.beats !== false)
      await until('the bot beats', () => existsSync(path('logs/heartbeat_status.txt')));
    return { pid, program, signal: (sent: NodeJS.Signals) => signal(pid, sent) };
  };
  const read = (file: string) => orGone(() => readFileSync(path(file), 'utf8')) ?? '';
  const posted = (pattern: RegExp) => webhook.taken().find(({ text }) => pattern.test(text))?.text;

  return {
    folder,
    path,
    file: path('logs/heartbeat_status.txt'),
    webhook,
    start,
    app,
    bot,
    monitor,
    write,
    read,
    append: (file: string, text: string) => appendFileSync(path(file), text),
    /** Lays heartbeat.py into the folder. */
    python: (of: PythonBot = {}, script = 'heartbeat.py') => write(script, pythonBot(of)),
    /** Lays a bot with the packed writer for TypeScript into the folder: bot.mjs. */
    typescript: () => {
      installWriter(folder);
      write('bot.mjs', typescriptBot);
    },
    /** A monitor of its own, whose files may be removed. */
    copyOfPrograms: () => {
      const { node, monitor: entry } = copyForEveryone(folder);
      return { node, entry };
    },
    /** For a monitor of another user: what it is started with and through. */
    asAnother: () => {
      const { node, monitor: entry } = copyForEveryone(folder);
      spawnSync('chmod', ['-R', 'a+rwX', folder]);
      return { node, entry, through: ['setpriv', '--reuid', '1201', '--regid', '1201', '--clear-groups'] };
    },
    /** A second server. */
    other: async () => {
      const server = await startWebhook();
      others.push(server);
      return server;
    },
    check: (...args: string[]) => once(['--check', ...args]),
    command: (...args: string[]) => once(args),
    once,
    log: () => read('logs/heartbeat_monitor.log'),
    /** Living bots, all starts so far, and the most that lived at once. */
    alive: census.alive,
    starts: census.starts,
    most: census.most,
    onMore: census.onMore,
    fault: () => {
      faultAt = performance.now();
    },
    posted,
    told: (pattern: RegExp, seconds?: number) =>
      until(`a message: ${pattern.source}`, () => posted(pattern), seconds),
    notTold: (pattern: RegExp, why: string) => {
      const text = posted(pattern);
      if (text !== undefined) throw new Unmet(`${why}, but people were told: ${text.split('\n')[0]}`);
    },
    replaced: (old: number, seconds?: number) =>
      until(
        `bot ${old} has ended and another one lives`,
        () => (lives(old) ? undefined : census.alive().find((pid) => pid !== old)),
        seconds,
      ),
    until,
    never,
    expect,
    sleep: (seconds: number) => sleep(seconds * 1000),
    /** What was printed and logged, for whoever looks for the root. */
    story: () =>
      [...programs.map((program) => `$ ${program.argv.join(' ')}\n${program.said().slice(-6000)}`), ''].join(
        '\n',
      ),
    figures: async (): Promise<Figures> => {
      const alerts: Alerts = await alertsOf(path('logs/sentinel.db'), webhook, kills);
      const first = webhook.posts.find(
        ({ at, taken, text }) => taken && faultAt !== null && at >= faultAt && words.unhealthy.test(text),
      );
      const toAlert = first === undefined || faultAt === null ? null : (first.at - faultAt) / 1000;
      return { toAlert, most: census.most(), ...alerts };
    },
    /** Ends everything that was started here, by pid, and leaves nothing. */
    close: async () => {
      for (const program of programs) program.kill('SIGKILL');
      const living = () => [...new Set([...census.alive(), ...processesIn(folder)])];
      const deadline = performance.now() + 20_000;
      while (living().length > 0 && performance.now() < deadline) {
        for (const pid of living()) signal(pid, 'SIGKILL');
        await sleep(50);
      }
      census.close();
      for (const server of [webhook, ...others]) server.close();
      unmountBelow(folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
};

export type World = Awaited<ReturnType<typeof openWorld>>;
