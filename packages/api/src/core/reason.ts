import { explainHealth, type Health, type Problem } from '@sentinel/heartbeat-core';

// Where a file lies on the bot's machine is nobody's business who reads over the network: its name is enough.
const withoutFolder = (problem: Problem): Problem =>
  'file' in problem ? { ...problem, file: problem.file.split(/[\\/]/).at(-1) ?? '' } : problem;

/** Why the health is what it is, without the folder of the status file. */
export const publicReason = (health: Health): string =>
  health.reason.kind === 'no-beat'
    ? explainHealth({ ...health, reason: { kind: 'no-beat', problem: withoutFolder(health.reason.problem) } })
    : explainHealth(health);

/** `/srv/bot/` and `C:\\bot\\` in front of a file's name; neither `buy/sell` nor the address of a page. */
const folders = /(?<![\w/\\.:])(?:[A-Za-z]:)?[\\/](?:[^\\/\s"'<>|]+[\\/])+(?=[^\\/\s])/g;

/** Words of the monitor's journal as they may be told: it writes whole paths for who reads its log. */
export const withoutFolders = (text: string): string => text.replace(folders, '');
