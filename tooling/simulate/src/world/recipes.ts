import type { Time } from '../time.ts';
import type { Bot, Manner, Run } from './bot.ts';
import type { Proc, Table } from './processes.ts';

/** How a bot is started. */
export type Recipe = 'in-front' | 'behind-a-shell' | 'daemon' | 'ends-bot' | 'none';

/** What becomes of the commands from now on. */
export type Outcome =
  | 'works'
  | 'fails'
  | 'hangs'
  | 'is-not-there'
  | 'starts-two'
  | 'starts-and-fails'
  | 'starts-late';

export const folderOf = (name: string) => `/srv/${name}`;
const scriptOf = (name: string) => `${folderOf(name)}/heartbeat.py`;

export const commandOf = (recipe: Recipe, name: string): string | null => {
  switch (recipe) {
    case 'none':
      return null;
    case 'ends-bot':
      return `systemctl restart ${name}`;
    case 'daemon':
      return `${folderOf(name)}/start.sh`;
    case 'behind-a-shell':
      return `cd ${folderOf(name)} && python3 heartbeat.py`;
    case 'in-front':
      return `python3 ${scriptOf(name)}`;
  }
};

/** How long a script and a service manager take, in ms. */
const startMs = 200;
const endMs = 2000;
/** One that is late starts a bot when it was given up long ago, and not in the very moment of the next restart. */
const lateMs = 73_700;

const argsOf = (recipe: Recipe, name: string) =>
  recipe === 'behind-a-shell' ? ['python3', 'heartbeat.py'] : ['python3', scriptOf(name)];

/** A new process of the bot, which nobody of this monitor has started. */
export const startAlone = (
  table: Table,
  bot: Bot,
  recipe: Recipe,
  name: string,
  by: Run['by'],
  manner: Manner,
  at: { readonly parent?: number; readonly group?: number } = {},
): Run => bot.begin(table.spawn({ ...at, args: argsOf(recipe, name), folder: folderOf(name) }), by, manner);

/** Plays a restart command in its shell. */
export const runCommand = (
  shell: Proc,
  {
    table,
    time,
    bot,
    recipe,
    name,
    outcome,
    manner,
  }: {
    readonly table: Table;
    readonly time: Time;
    readonly bot: Bot;
    readonly recipe: Recipe;
    readonly name: string;
    readonly outcome: Outcome;
    readonly manner: Manner;
  },
): unknown => {
  const leave = (code: number, ms: number) => void time.after(ms, () => table.end(shell, code));
  const start = (at: { readonly parent?: number; readonly group?: number } = {}) =>
    startAlone(table, bot, recipe, name, 'sentinel', manner, at);
  if (outcome === 'is-not-there') return leave(127, 2);
  if (outcome === 'fails') return leave(1, startMs);
  if (outcome === 'hangs') return;
  const code = outcome === 'starts-and-fails' ? 1 : 0;
  const inShell = () => {
    if (!shell.alive) return;
    switch (recipe) {
      case 'in-front':
        Object.assign(shell, {
          args: argsOf(recipe, name),
          folder: folderOf(name),
          exe: '/usr/bin/python3.12',
        });
        bot.begin(shell, 'sentinel', manner);
        break;
      case 'behind-a-shell': {
        const { proc } = start({ parent: shell.pid, group: shell.group });
        shell.onSignal = () => table.end(shell, null, 'SIGTERM');
        proc.onEnd.push((exitCode) => table.end(shell, exitCode ?? 143));
        break;
      }
      case 'daemon':
      case 'ends-bot':
        start();
        leave(code, 100);
    }
    // Two that beat at one instant would be one for everybody who reads the file.
    if (outcome === 'starts-two') time.after(700, () => void start());
  };
  if (recipe !== 'ends-bot') return void time.after(outcome === 'starts-late' ? lateMs : startMs, inShell);
  const before = bot.living();
  for (const { proc } of before) table.signal(proc.pid, 'SIGTERM');
  time.after(endMs, () => {
    for (const { proc } of before) table.end(proc, null, 'SIGKILL');
    inShell();
  });
};
