import { parseArgs } from 'node:util';

export type ServiceOptions = {
  readonly apply: boolean;
  readonly uninstall: boolean;
  readonly name?: string;
  readonly folder: string;
  readonly file?: string;
  readonly user?: string;
  readonly port: number;
  readonly botUnit?: string;
  readonly botCommand?: string;
  readonly options: readonly string[];
};

type Outcome =
  | { readonly kind: 'asked'; readonly asked: ServiceOptions }
  | { readonly kind: 'wrong'; readonly line: string };

const flags = {
  apply: { type: 'boolean' },
  uninstall: { type: 'boolean' },
  name: { type: 'string' },
  folder: { type: 'string' },
  file: { type: 'string' },
  user: { type: 'string' },
  port: { type: 'string' },
  'bot-unit': { type: 'string' },
  'bot-command': { type: 'string' },
} as const;

const wrong = (line: string): Outcome => ({ kind: 'wrong', line });

/** Reads the options; what is behind `--` is for the monitor. */
export const parseOptions = (argv: readonly string[]): Outcome => {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  let values: ReturnType<typeof read>;
  try {
    values = read(own);
  } catch (error) {
    if (!(error instanceof TypeError && 'code' in error)) throw error;
    return wrong(error.message.split('. ')[0] ?? error.message);
  }
  const { name, user, file, port = '5000', 'bot-unit': botUnit, 'bot-command': botCommand } = values;
  if (name !== undefined && !isName(name))
    return wrong(`--name: expected letters, digits, _ and -, found '${name}'`);
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    return wrong(`--port: expected a number from 1 to 65535, found '${port}'`);
  if (botUnit !== undefined && botCommand !== undefined)
    return wrong('--bot-unit and --bot-command: give one, a bot is run by one of them');
  if (botUnit !== undefined && !/^[\w@:.\\-]+$/.test(botUnit))
    return wrong(`--bot-unit: expected the name of a unit, such as mybot.service, found '${botUnit}'`);
  return {
    kind: 'asked',
    asked: {
      apply: values.apply === true,
      uninstall: values.uninstall === true,
      folder: values.folder ?? '.',
      port: Number(port),
      options: end < 0 ? [] : argv.slice(end + 1),
      ...(name === undefined ? {} : { name }),
      ...(user === undefined ? {} : { user }),
      ...(file === undefined ? {} : { file }),
      ...(botUnit === undefined ? {} : { botUnit: /\.\w+$/.test(botUnit) ? botUnit : `${botUnit}.service` }),
      ...(botCommand === undefined ? {} : { botCommand }),
    },
  };
};

const read = (own: readonly string[]) => parseArgs({ args: [...own], options: flags, strict: true }).values;

/** A name that a unit may have, in a file name and in a line. */
export const isName = (name: string): boolean => /^[A-Za-z0-9][\w-]{0,39}$/.test(name);
