import { baseOf } from './place.ts';
import type { Kin, Process, Target } from './process.ts';
import { isShell } from './runners.ts';

/** What has started the bot lives, and may start it again. */
export type LivingKeeper = {
  readonly pid: number;
  /** The service of systemd that it is. */
  readonly unit: string | null;
  /** For how long nothing is to be started beside it, in ms. */
  readonly waitMs: number;
};

/** A shell at which a person sits, or which only begins a session: `bash`, `-zsh`, `bash -i`. */
const isAtHand = ([name = '', ...words]: readonly string[]): boolean =>
  (isShell(name) || name.startsWith('-')) && words.every((word) => /^-[^c]*$/.test(word));

/** Programs in which a person, or a time of the day, starts something once. */
const startOnce =
  /^(?:tmux(?:: .*)?|screen|sshd(?:-session)?(?:: .*)?|login|crond?|atd|init|tini|dumb-init|docker-init|catatonit)$/i;

/** Programs that end with what they have started: who has started them may start it again. */
const passOn = /^(?:su|sudo|doas|runuser|script|timeout|flock|dbus-run-session)$/;

const isNamed = ([name = '']: readonly string[], names: RegExp): boolean =>
  names.test(baseOf(name)) || names.test(name);

/**
 * Whether what has started the bot may start it again when it ends: a loop in a shell, a program that looks after it, a
 * service manager. Whoever ended the bot and started another one at once would have two.
 *
 * @param parent what started it.
 */
export const mayStartAgain = (
  bot: Kin,
  { pid, args, exe }: Pick<Process, 'pid' | 'args' | 'exe'>,
): boolean => {
  // What may not be read may be anything.
  if (args === null) return pid !== 1;
  const name = baseOf(args[0] ?? '');
  // A service of systemd leads its session. What lost its parent has come to process 1 and leads none, as a rule.
  if (pid === 1 && /^(?:systemd|init)$/.test(exe === null ? name : baseOf(exe)))
    return bot.session === bot.pid;
  return args.length > 0 && !isAtHand(args) && !isNamed(args, startOnce) && !isNamed(args, passOn);
};

/** So many programs, each of which has started the next one, are looked at. */
const mostAbove = 16;

const unitMs: Readonly<Record<string, number>> = {
  '': 1000,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `sleep 1m 30`: for how long it waits in ms; `null`: it is no such program, or waits for ever. */
export const sleepMsOf = (args: readonly string[] | null): number | null => {
  const [name = '', ...times] = args ?? [];
  if (baseOf(name) !== 'sleep' || times.length === 0) return null;
  const each = times.map((time) => {
    const [, count, unit = ''] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(time) ?? [];
    return Number(count) * (unitMs[unit] ?? Number.NaN);
  });
  const all = each.reduce((sum, ms) => sum + ms, 0);
  return Number.isNaN(all) ? null : all;
};

/** It waits for ever, so that nothing is started after it: `sleep infinity`, `tail -f log`. */
export const isEndless = (args: readonly string[] | null): boolean => {
  const [name = '', ...words] = args ?? [];
  if (baseOf(name) === 'sleep') return words.includes('infinity') || words.includes('inf');
  return baseOf(name) === 'tail' && words.some((word) => /^(?:-[a-zA-Z]*[fF]|--follow)/.test(word));
};

/**
 * What may start the bot again, of all that has started one of these, and what has started that: a script or `timeout` in
 * between may end with the bot.
 *
 * @param find the process of a number; `null`: there is none, or the system does not say.
 * @param isOwn the monitor, and what it has started: it starts nothing again by itself.
 */
export const keepersOf = (
  targets: readonly Target[],
  kin: readonly Kin[],
  find: (pid: number) => Process | null,
  isOwn: (process: Kin) => boolean,
): readonly Process[] => {
  const ended = new Set(targets.flatMap((target) => (target.kind === 'process' ? [target.pid] : [])));
  const groups = new Set(targets.flatMap((target) => (target.kind === 'group' ? [target.group] : [])));
  const isEnded = ({ pid, group }: Kin) => ended.has(pid) || groups.has(group);
  const above = (below: Kin, depth = 0): readonly Process[] => {
    const parent = kin.find(({ pid }) => pid === below.parent);
    if (parent === undefined || isEnded(parent) || isOwn(parent) || depth === mostAbove) return [];
    const found = find(parent.pid);
    if (found === null) return [];
    const may = mayStartAgain(below, found);
    const more = may || isNamed(found.args ?? [], passOn) ? above(parent, depth + 1) : [];
    return may ? [found, ...more] : more;
  };
  return kin.filter(isEnded).flatMap((bot) => above(bot));
};

/** Programs whose work it is to start others again. */
const supervisors =
  /^(?:PM2 .*God Daemon.*|supervisord|runsv|s6-supervise|supervise|supervise-daemon|monit|circusd|immortal|perpd|forever)$/;

/** It starts again what ends, and waits before it does so for as long as its settings say: that cannot be seen. */
export const isSupervisor = ({ args }: Pick<Process, 'args'>): boolean => {
  const [name = '', script = ''] = args ?? [];
  return (
    supervisors.test((args ?? []).join(' ').trim()) ||
    [name, script].some((word) => supervisors.test(baseOf(word)))
  );
};

/** The service manager of a machine, or of a user: it says itself what it is going to start. */
export const isSystemd = ({ args, exe }: Pick<Process, 'args' | 'exe'>): boolean =>
  baseOf(exe ?? args?.[0] ?? '') === 'systemd';
