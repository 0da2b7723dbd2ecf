import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { readPlainFile } from '@sentinel/heartbeat-core';
import { isName, parseOptions, type ServiceOptions } from './options.ts';
import { marker, type ServicePlan, startedUnits, type Unit, unitsOf } from './units.ts';

const unitFolder = '/etc/systemd/system';

const say = (text: string) => process.stdout.write(`${text}\n`);
const complain = (text: string): number => {
  process.stderr.write(`sentinel install-service: ${text}\n`);
  return 1;
};

type Ran = { readonly code: number; readonly out: string };
const run = (command: string, ...args: string[]): Ran => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  return { code: status ?? 1, out: error?.message ?? `${stdout}${stderr}`.trim() };
};

/** Writes, or shows, the services that watch a bot on this machine; or removes them. The exit code. */
export const installService = (argv: readonly string[], program: string): number => {
  const outcome = parseOptions(argv);
  if (outcome.kind === 'wrong') {
    complain(`${outcome.line}. See sentinel install-service --help.`);
    return 64;
  }
  const { asked } = outcome;
  const plan = planOf(asked, program);
  if (typeof plan === 'string') return complain(plan);
  if (asked.apply) {
    const refused = whyNot();
    if (refused !== null) return complain(refused);
  }
  return asked.uninstall ? uninstall(plan, asked.apply) : install(plan, asked.apply);
};

/** What is to be made, or why it cannot be. */
const planOf = (asked: ServiceOptions, program: string): ServicePlan | string => {
  const folder = resolve(asked.folder);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return `${folder} is no folder`;
  const status = asked.file === undefined ? undefined : resolve(folder, asked.file);
  if (status !== undefined && !existsSync(dirname(status)))
    return `--file: ${dirname(status)} is not there; make it, as the user who runs the bot`;
  const name = asked.name ?? basename(folder).replace(/[^\w-]+/g, '-');
  if (!isName(name)) return `give --name: '${name}' is no name for a service`;
  const user = asked.user ?? ownerOf(folder);
  if (user === null) return `give --user: the owner of ${folder} has no name`;
  const file = realpathSync(program);
  if (/\/_npx\//.test(file))
    return 'npx keeps this command only for a while: install the package (npm install -g ./sentinel-sentinel-VERSION.tgz), then run sentinel install-service';
  return {
    name,
    folder: realpathSync(folder),
    ...(status === undefined ? {} : { file: status }),
    user,
    node: process.execPath,
    program: file,
    port: asked.port,
    bot: botOf(asked),
    options: asked.options,
  };
};

const botOf = ({ botUnit, botCommand }: ServiceOptions): ServicePlan['bot'] => {
  if (botUnit !== undefined) return { kind: 'unit', unit: botUnit };
  return botCommand === undefined ? { kind: 'unknown' } : { kind: 'command', command: botCommand };
};

const ownerOf = (folder: string): string | null => {
  const { code, out } = run('id', '-nu', String(statSync(folder).uid));
  return code === 0 ? out : null;
};

/** Why nothing can be written here; `null`: it can. */
const whyNot = (): string | null => {
  if (process.getuid?.() !== 0) return 'services are written by root: run it with sudo';
  if (!existsSync('/run/systemd/system')) return 'this machine was not started by systemd';
  return null;
};

const isOurs = (file: string): boolean => readPlainFile(file).bytes.toString('utf8').startsWith(marker);

const install = (plan: ServicePlan, apply: boolean): number => {
  const units = unitsOf(plan);
  const foreign = units
    .map(({ file }) => join(unitFolder, file))
    .find((file) => existsSync(file) && !isOurs(file));
  if (foreign !== undefined)
    return complain(`${foreign} was not written by this command: choose another --name`);
  if (!apply) return show(plan, units);
  const refused = whyHidden(plan) ?? whyUnreadable(plan);
  if (refused !== null) return complain(refused);
  makeLogs(plan);
  for (const { file, text } of units) writeFileSync(join(unitFolder, file), text, { mode: 0o644 });
  const started = startedUnits(plan);
  for (const args of [['daemon-reload'], ['enable', ...started], ['restart', ...started]]) {
    const { code, out } = run('systemctl', ...args);
    if (code !== 0)
      return complain(
        `systemctl ${args.join(' ')} failed: ${out}\nLook at: journalctl -u ${started[0]} -n 20`,
      );
  }
  say(
    `Running: ${started.join(', ')}\nThe page: http://127.0.0.1:${plan.port}/\nLogs: journalctl -u ${started[0]} -f`,
  );
  return 0;
};

const show = (plan: ServicePlan, units: readonly Unit[]): number => {
  for (const { file, text } of units) say(`--- ${join(unitFolder, file)}\n${text}`);
  say(`Then: systemctl daemon-reload && systemctl enable --now ${startedUnits(plan).join(' ')}`);
  say('\nNothing was changed: this is a dry run. Run it again as root with --apply.');
  return 0;
};

/** A service has a `/tmp` of its own. */
const whyHidden = ({ folder, file = '' }: ServicePlan): string | null => {
  const hidden = [folder, file].find((each) => /^\/(?:var\/)?tmp\//.test(each));
  return hidden === undefined
    ? null
    : `${hidden}: services do not see /tmp of this machine; choose another folder`;
};

/** The user of the services has to reach the program: one in root's home is for root only. */
const whyUnreadable = ({ user, program, node }: ServicePlan): string | null => {
  for (const file of [node, program]) {
    const { code } = run(
      'setpriv',
      `--reuid=${user}`,
      '--init-groups',
      `--regid=${user}`,
      'test',
      '-r',
      file,
    );
    if (code !== 0 && user !== 'root')
      return `${user} cannot read ${file}: install Node and this package for all users`;
    accessSync(file, constants.R_OK);
  }
  return null;
};

/** The folder of the status file: the services may write only there. */
const makeLogs = ({ folder }: ServicePlan): void => {
  const logs = join(folder, 'logs');
  if (existsSync(logs)) return;
  const { uid, gid } = statSync(folder);
  // Who may read the journal or a status file can hold up those that write it.
  mkdirSync(logs, { mode: 0o750 });
  chownSync(logs, uid, gid);
};

const uninstall = (plan: ServicePlan, apply: boolean): number => {
  // Those of a bot's own unit too, whatever was asked for when they were written.
  const files = unitsOf({ ...plan, bot: { kind: 'unit', unit: 'any' } })
    .map(({ file }) => file)
    .filter((file) => existsSync(join(unitFolder, file)) && isOurs(join(unitFolder, file)));
  if (files.length === 0) return complain(`there are no services of ${plan.name}`);
  if (!apply) {
    say(`Would stop and remove: ${files.join(', ')}\n${plan.folder} would stay as it is.`);
    say('\nNothing was changed: this is a dry run. Run it again as root with --apply.');
    return 0;
  }
  const stopped = run(
    'systemctl',
    'disable',
    '--now',
    ...files.filter((file) => !file.endsWith('-restart.service')),
  );
  if (stopped.code !== 0)
    return complain(`they could not be stopped, and nothing was removed: ${stopped.out}`);
  for (const file of files) rmSync(join(unitFolder, file));
  run('systemctl', 'daemon-reload');
  say(`Stopped and removed: ${files.join(', ')}\n${plan.folder} is as it was.`);
  return 0;
};
