import { baseOf } from './place.ts';
import type { Kin, Process, Target } from './process.ts';
import { isShell } from './runners.ts';

/** A shell at which a person sits, or which only begins a session: `bash`, `-zsh`, `bash -i`. */
const isAtHand = ([name = '', ...words]: readonly string[]): boolean =>
  (isShell(name) || name.startsWith('-')) && words.every((word) => /^-[^c]*$/.test(word));

/** Programs in which a person, or a time of the day, starts something once. */
const startOnce =
  /^(?:tmux(?:: .*)?|screen|sshd(?:-session)?(?:: .*)?|login|su|sudo|doas|runuser|script|crond?|atd|init|tini|dumb-init|docker-init|catatonit)$/i;

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
  return args.length > 0 && !isAtHand(args) && !startOnce.test(name) && !startOnce.test(args[0] ?? '');
};

/**
 * What may start the bot again, of all that has started one of these.
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
  return kin.flatMap((bot) => {
    const above = kin.find(({ pid }) => pid === bot.parent);
    if (!isEnded(bot) || above === undefined || isEnded(above) || isOwn(above)) return [];
    const parent = find(above.pid);
    return parent !== null && mayStartAgain(bot, parent) ? [parent] : [];
  });
};
