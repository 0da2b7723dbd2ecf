import type { Custody } from './custody.ts';
import type { Doubt, Setting, Unfit } from './finding.ts';
import type { LivingKeeper } from './keeper.ts';
import type { Target } from './process.ts';

const unfit: Readonly<Record<Unfit, string>> = {
  'pid-1': 'is the first process of this system',
  'the-monitor': 'is the monitor, or what started it',
  'a-thread': 'is a thread, not a process',
  'another-user': "is another user's",
  'a-shell': 'is a shell',
  'another-bot': 'runs in another folder, where a bot beats: it is not known whether it is this bot',
  'another-program': 'runs another program than the restart command',
  'a-kernel-thread': 'is a part of the kernel',
  'no-sign': 'shows no sign that it is the bot, and its number may belong to a container',
  namesake: 'has a number that a process in a container has too',
};

/** Why a restart is not safe: one sentence, without its end. */
export const explainDoubt = (doubt: Doubt): string => {
  switch (doubt.kind) {
    case 'lock':
      return `this monitor does not hold the lock of the status file, so another one may watch the bot (${doubt.why})`;
    case 'memory':
      return doubt.lacks === 'read'
        ? 'the journal cannot be read, so it is not known which process the bot is'
        : 'the journal cannot be written, so neither this restart nor its process could be noted';
    case 'no-descriptors':
      return 'this monitor has no file descriptors left (EMFILE), so it could end the bot and not start it again';
    case 'command-does-not-end':
      return 'the restart command did not end the old bot, so it is not run again while that one goes on';
    case 'another-host':
      return doubt.host === undefined
        ? 'the last beat names a process and no host, so the process may be on another machine'
        : `the last beat names the host ${doubt.host}, which is not this one`;
    case 'another-machine':
      return `the last beat comes from another start of a machine (${doubt.host === undefined ? 'it names no host' : `host ${doubt.host}`}), so its process number means nothing here`;
    case 'another-namespace':
      return `the bot's process ${doubt.pid} runs in another pid namespace (a container), so its number means nothing here`;
    case 'seen-elsewhere':
      return `the bot was last seen ${doubt.host === null ? 'on another machine, or in another container' : `on ${doubt.host} (another machine, another start of it, or another container)`}, and nothing shows that it runs here`;
    case 'no-such-process':
      return `beats that name process ${doubt.pid} continue, but there is no such process here`;
    case 'not-asked':
      return doubt.pid === null
        ? 'the processes of this machine cannot be listed'
        : `the system did not say whether process ${doubt.pid} lives`;
    case 'number-in-doubt':
      return `process ${doubt.pid} began after the last beat was written: it may be the bot, or another program that got its number`;
    case 'cannot-be-the-bot':
      return `process ${doubt.pid}, which the last beat names, ${unfit[doubt.why]}`;
    case 'unverified-match':
      return `process ${doubt.pid}${doubt.contained ? ', which runs in a container,' : ''} may be the bot, and that cannot be verified`;
    case 'other-environment':
      return `process ${doubt.pid} runs the bot's program with another value of ${doubt.name} than the restart command gets: it may be another bot, or this one`;
    case 'never-beat':
      return `process ${doubt.pid} runs the bot's program, and no heartbeat has ever come to the status file that is watched: the process may be another bot, or write to another file`;
    case 'hidden-processes':
      return 'not all processes of this machine can be seen, so the bot may be one of the others';
    case 'blind-search':
      return 'the bot beat while no process was found that runs its program, so it proves nothing that no process is found now';
    case 'unproven-search':
      return 'it is not known yet which process the bot is: no search beside its heartbeats has found one, so it proves nothing that none is found now';
    case 'another-command':
      return 'the bot was last seen under another restart command, so it proves nothing that no process runs the program of this command';
    case 'no-identity':
      return `the beats name no process, and ${doubt.isGiven ? 'no process matches --bot-process now' : 'no process is known to be the bot'}`;
  }
};

/** Nobody is told to set what is set. */
const explainSetting = ({ pattern, isGiven }: Setting): string => {
  const others =
    '--restart-ends-bot if the restart command ends the old bot, or let the bot write its pid into line 3.';
  const titled = pattern === undefined ? '' : `: a process here is called so that '${pattern}' matches it`;
  if (isGiven)
    return `Check that --bot-process matches the command line of the bot${titled}. Or set ${others}`;
  return `Set --bot-process ${pattern === undefined ? 'to a pattern of its command line' : `'${pattern}'`}, or ${others}`;
};

const elsewhere =
  'Use a restart command that ends the bot where it runs (docker restart, ssh), and set --restart-ends-bot. Check that no bot runs before you start one.';

const lookAt = (pid: number): string =>
  `Look at process ${pid}. End it if it is the bot, then run \`sentinel-monitor restart\`. If that is refused, start the bot by hand.`;

/** What to set while the bot beats: nobody is told to end a bot that is well. `null`: the same as at any other time. */
const adviceWhileItBeats = (doubt: Doubt): string | null => {
  switch (doubt.kind) {
    case 'unverified-match':
      return doubt.contained ? null : explainSetting(doubt);
    case 'number-in-doubt':
      return 'Let the bot write "boot" beside its pid (docs/status-file.md).';
    case 'other-environment':
      return `If process ${doubt.pid} is another bot, name the variable in the restart command of each (${doubt.name}=... in front of the program): then the two are told apart. If it is this bot, give the monitor the same value of ${doubt.name}.`;
    default:
      return null;
  }
};

/**
 * What to set so that a restart becomes safe.
 *
 * @param beats the bot beats at this moment, as far as its file tells.
 */
export const adviceFor = (doubt: Doubt, beats = false): string =>
  (beats ? adviceWhileItBeats(doubt) : null) ?? adviceOf(doubt);

const adviceOf = (doubt: Doubt): string => {
  switch (doubt.kind) {
    case 'lock':
      return 'See that one monitor watches the bot, and that its folder can be written. Sentinel then goes on by itself.';
    case 'memory':
      return `The log of the monitor shows why it cannot ${doubt.lacks} the journal. End the process that locks it, free disk space, give the rights, or run the monitor as the owner of the folder. Sentinel then continues by itself. Do not start the bot by hand before that.${doubt.lacks === 'read' ? ' If none of this is possible: check that no bot runs, then run `sentinel-monitor reset --set-aside`.' : ''}`;
    case 'no-descriptors':
      return 'Raise the limit of the monitor (`ulimit -n`, in systemd LimitNOFILE=), or watch fewer bots. Sentinel then continues by itself.';
    case 'command-does-not-end':
      return 'End the old bot yourself, then run `sentinel-monitor restart`. Use a restart command that ends it.';
    case 'cannot-be-the-bot':
      if (doubt.why === 'another-user')
        return 'Run the monitor as the user of the bot, or use a restart command that ends the bot and set --restart-ends-bot.';
      if (doubt.why === 'no-sign' || doubt.why === 'namesake')
        return 'Let the bot write "boot" beside its pid (docs/status-file.md), or set --bot-process to a pattern of its command line.';
      return 'Look which process the bot is. Set --bot-process to a pattern of its command line.';
    case 'unverified-match':
      if (doubt.contained) return elsewhere;
      if (doubt.isGiven) return lookAt(doubt.pid);
      if (doubt.pattern !== undefined)
        return `${lookAt(doubt.pid)} With --bot-process '${doubt.pattern}' Sentinel would end it by itself.`;
      return `${lookAt(doubt.pid)} If it is the bot, --bot-process with a pattern of its command line can make it known.`;
    case 'number-in-doubt':
      return lookAt(doubt.pid);
    case 'seen-elsewhere':
      return `Check that no bot runs ${doubt.host === null ? 'there' : `on ${doubt.host}`}, then start it here by hand: Sentinel takes it over when it beats and its process is found (by --bot-process). Or use a restart command that ends the bot where it runs, and set --restart-ends-bot.`;
    case 'another-host':
    case 'another-machine':
      return doubt.host === undefined
        ? 'Let the bot write "host" beside its pid (docs/status-file.md), or set --restart-ends-bot if the restart command ends the old bot.'
        : elsewhere;
    case 'another-namespace':
    case 'no-such-process':
      return elsewhere;
    case 'another-command':
      return 'Check that no bot runs, then start it by hand: from its next heartbeats on Sentinel knows its process.';
    case 'no-identity':
      return doubt.isGiven
        ? 'Check whether the bot runs. If it does, correct --bot-process: it does not match. If it does not, start it by hand.'
        : explainSetting(doubt);
    case 'other-environment':
      return `If process ${doubt.pid} is another bot, name the variable in the restart command of each (${doubt.name}=... in front of the program): then the two are told apart. If it is this bot, end it yourself, then start the bot.`;
    case 'never-beat':
      return `Check that --file (HEARTBEAT_STATUS_FILE) and the folder in which the monitor runs are right for process ${doubt.pid}. If it is another bot, name what tells the two apart in the restart command of each (ACCOUNT=... in front of the program). If it is this bot, end it yourself: Sentinel then starts it.`;
    case 'blind-search':
    case 'unproven-search':
    case 'hidden-processes':
      return explainSetting(doubt);
    case 'not-asked':
      return explainSetting({});
  }
};
/** It is read at any time after: no length of time is in it. */
const keeperWords = (keeper: LivingKeeper | undefined): string => {
  if (keeper === undefined || keeper.waitMs === 0) return '';
  return keeper.unit === null
    ? `, and process ${keeper.pid} may start it again`
    : `, and systemd is going to start it again (${keeper.unit})`;
};

/**
 * How far a bot could be restarted safely at this moment, in one sentence.
 *
 * @param beats the bot beats at this moment, as far as its file tells.
 */
export const explainCustody = (custody: Custody, beats = false): string => {
  // What beats is not gone, whatever was seen to end.
  if (beats && custody.kind === 'gone')
    return `not known yet: the bot beats, and no process is found that runs its program. ${explainSetting({}).replace(/\.$/, '')}`;
  switch (custody.kind) {
    case 'never':
      return 'safe: nothing has beaten yet and no process runs the bot';
    case 'gone':
      return custody.by === 'absence'
        ? 'safe once the bot is silent: no process of this machine runs its program'
        : `${(custody.keeper?.waitMs ?? 0) > 0 ? 'on hold' : 'safe'}: its process is gone${keeperWords(custody.keeper)}`;
    case 'held':
      return `safe: ${namesOf(custody.targets)} would be ended first`;
    case 'started':
      return `on hold: a new start (${namesOf(custody.targets)}) gets its time first`;
    case 'command-ends':
      return `safe: the command ends the old bot itself (${custody.by})`;
    case 'unknown':
      return `not safe: ${explainDoubt(custody.doubt)}. ${adviceFor(custody.doubt, beats).replace(/\.$/, '')}`;
  }
};

/** Each process once, and the groups of others than these; what they have started is counted. */
export const namesOf = (targets: readonly Target[]): string => {
  const pids = new Set<number>();
  const groups = new Set<number>();
  const kin = new Set<number>();
  for (const target of targets) {
    if (target.kind === 'group') groups.add(target.group);
    else (target.isKin === true ? kin : pids).add(target.pid);
  }
  const more = [...kin].filter((pid) => !pids.has(pid) && !groups.has(pid)).length;
  return [
    ...[...pids].map((pid) => (groups.has(pid) ? `process ${pid} and its group` : `process ${pid}`)),
    ...[...groups].filter((group) => !pids.has(group)).map((group) => `process group ${group}`),
    ...(more === 0
      ? []
      : [
          `${more} ${more === 1 ? 'process' : 'processes'} started by ${pids.size + groups.size === 1 ? 'it' : 'them'}`,
        ]),
  ].join(', ');
};
