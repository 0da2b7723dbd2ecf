import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installService } from './service/install.ts';
import { up } from './up.ts';
import { type ProgramName, parseWords } from './words.ts';

// What the package brings along.
const usage = () => readFileSync(new URL('../data/usage.txt', import.meta.url), 'utf8');
const usageOfUp = () => readFileSync(new URL('../data/usage-up.txt', import.meta.url), 'utf8');
const usageOfInstallService = () =>
  readFileSync(new URL('../data/usage-install-service.txt', import.meta.url), 'utf8');
const version = (): string =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;

const fileOf = (program: ProgramName): string =>
  fileURLToPath(new URL(`programs/${program}/dist/index.js`, import.meta.url));

export const run = async (argv: readonly string[]): Promise<void> => {
  const asked = parseWords(argv);
  switch (asked.kind) {
    case 'program':
      return become(asked.program, asked.args);
    case 'up':
      process.exitCode = await up(asked.args, fileOf);
      return;
    case 'nothing':
      process.stderr.write(usage());
      process.exitCode = 64;
      return;
    case 'install-service':
      process.exitCode = installService(asked.args, fileURLToPath(new URL('index.js', import.meta.url)));
      return;
    case 'usage':
      process.stdout.write(usage());
      return;
    case 'up-usage':
      process.stdout.write(usageOfUp());
      return;
    case 'install-service-usage':
      process.stdout.write(usageOfInstallService());
      return;
    case 'version':
      process.stdout.write(`${version()}\n`);
      return;
    case 'wrong':
      process.stderr.write(`sentinel: ${asked.line}. See sentinel --help.\n`);
      process.exitCode = 64;
  }
};

/** The program runs in this very process: signals, output and exit code are its own. */
const become = async (program: ProgramName, args: readonly string[]): Promise<void> => {
  const file = fileOf(program);
  if (!existsSync(file)) throw new Error(`${file} is not there: install @sentinel/sentinel again`);
  Reflect.set(globalThis, Symbol.for('sentinel.command'), 'sentinel');
  process.argv.splice(1, process.argv.length, file, ...args);
  await import(pathToFileURL(file).href);
};
