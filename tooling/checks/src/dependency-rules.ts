/** One source file: its path from the root of the repository, and its text. */
export type SourceFile = { readonly path: string; readonly text: string };
export type Violation = { readonly path: string; readonly message: string };

/** Which workspace packages each package may import. Apps may import every package, and no app. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'heartbeat-core': [],
  dotenv: ['heartbeat-core'],
  history: ['heartbeat-core'],
  notify: ['heartbeat-core', 'history'],
  slack: ['notify'],
  channels: ['notify'],
  systemd: [],
  tokens: ['heartbeat-core'],
  monitor: ['heartbeat-core', 'history', 'notify'],
  peers: ['heartbeat-core', 'history', 'notify'],
  api: ['heartbeat-core', 'history', 'notify', 'peers', 'tokens'],
  fleet: ['heartbeat-core', 'notify'],
};

const imports = /(?:from|import|require\()\s*\(?\s*['"]@sentinel\/([a-z-]+)(\/[^'"]*)?['"]/g;
const reachesAcross = /(?:from|import)\s*\(?\s*['"](?:\.\.\/)+(?:packages|apps)\//;

/** Every place in which a source file breaks a rule of the design. */
export const findViolations = (files: readonly SourceFile[]): Violation[] =>
  files.flatMap(({ path, text }) =>
    messagesFor(path, withoutComments(text)).map((message) => ({ path, message })),
  );

/** Who may use the second entry of a package: the page has no Node, and a check that Docker runs every 30 s loads no watchdog. */
const secondEntries: Readonly<Record<string, string>> = {
  'apps/dashboard': 'heartbeat-core/browser',
  'apps/monitor': 'monitor/check',
};

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

const messagesFor = (path: string, code: string): string[] => {
  const [group, name = ''] = path.split('/');
  const messages: string[] = [];
  for (const [, target = '', deep] of code.matchAll(imports)) {
    const isPage = path.startsWith('apps/dashboard/src/');
    if (deep !== undefined && secondEntries[`${group}/${name}`] !== `${target}${deep}`)
      messages.push(
        `imports @sentinel/${target}${deep}: packages have one entry, and one more for the page and for a check`,
      );
    if (isPage && deep !== '/browser')
      messages.push(
        `imports @sentinel/${target}: the page takes what has no Node in it, @sentinel/${target}/browser`,
      );
    if (target.startsWith('app-')) messages.push(`imports the app ${target}: apps are imported by nobody`);
    else if (group === 'packages' && target !== name && allowed[name]?.includes(target) !== true)
      messages.push(
        `imports @sentinel/${target}: ${name} may import ${allowed[name]?.join(', ') || 'no workspace package'}`,
      );
  }
  if (reachesAcross.test(code)) messages.push('reaches into another workspace by path: import the package');
  const global = /\bprocess\.(env|argv)\b/.exec(code)?.[0];
  if (group === 'packages' && global) messages.push(`reads ${global}: an app passes values in`);
  if (group === 'apps' && name !== 'dashboard' && global === 'process.env' && !path.endsWith('/src/env.ts'))
    messages.push('reads process.env: only src/env.ts of an app does');
  if (/^packages\/[^/]+\/src\/core\//.test(path)) messages.push(...impurities(code));
  else if (takesTime.test(path)) messages.push(...ownTimes(code));
  if (/^packages\/monitor\/src\/custody\//.test(path) && /from '\.\.\/(?!custody\/)/.test(code))
    messages.push(
      'leaves custody/: it answers whose process the bot is, to core/ and shell/, and asks neither',
    );
  if (takesPorts.test(path)) messages.push(...ownMachine(code));
  if (/^packages\/[^/]+\/src\/browser\.ts$/.test(path) && /from '(?!\.\/core\/)/.test(code))
    messages.push('takes more than core/: a page has no Node');
  return messages;
};

/** Parts that run in virtual time, too. The clock of this machine is in one file. */
const takesTime =
  /^packages\/(?!history\/src\/shell\/clock\.ts)(?:(?:history|notify|slack|channels)\/src|monitor\/src\/shell\/(?!ports\/))/;

const ownTimes = (code: string): string[] => {
  const found =
    /\b(?:Date\.now|performance\.now|new Date\(\)|set(?:Timeout|Interval|Immediate)\b|node:timers)/.exec(
      code,
    )?.[0];
  return found === undefined ? [] : [`has ${found}: time comes from a clock that is passed in`];
};

/** What a simulation replaces as a whole: the defaults, which are this machine, stand in one folder. */
const takesPorts = /^packages\/monitor\/src\/shell\/(?!ports\/)/;

const ownMachine = (code: string): string[] => {
  const found = /\bMath\.random\b|'node:(?:fs|child_process)[^']*'/.exec(code)?.[0];
  return found === undefined ? [] : [`has ${found}: the machine comes through a port, see shell/ports`];
};

const impurities = (code: string): string[] =>
  [
    /\bDate\.now\(/,
    /\bnew Date\(\)/,
    /\bMath\.random\(/,
    /\bset(?:Timeout|Interval)\(/,
    /from 'node:/,
    /from '(?:\.\.\/)+shell\//,
  ]
    .map((pattern) => pattern.exec(code)?.[0])
    .filter((found) => found !== undefined)
    .map((found) => `has ${found}: core/ is pure, take it as an argument`);
