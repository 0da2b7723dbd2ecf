import { parseArgs } from 'node:util';
import { flagTable, flagValue } from './flag-table.ts';
import type { Given } from './request.ts';

const optionOf = ({ value, short }: (typeof flagTable)[number]['setting']) => ({
  type: value === undefined ? ('boolean' as const) : ('string' as const),
  ...(short === undefined ? {} : { short }),
});

const options = Object.fromEntries(flagTable.map(({ flag, setting }) => [flag.slice(2), optionOf(setting)]));

const valuesOf = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    const isUsage =
      error instanceof TypeError && 'code' in error && /^ERR_PARSE_ARGS_/.test(String(error.code));
    if (!isUsage) throw error;
    return {};
  }
};

/**
 * The flags of a command line that asks for one look, without the library that reads every other one: loading it takes as
 * long as the look.
 *
 * @returns `null` for any other command line, and where something about it is wrong.
 */
export const checkFlags = (argv: readonly string[]): Given | null => {
  const values = valuesOf(argv);
  if (values.check !== true) return null;
  const given: Record<string, unknown> = {};
  for (const { key, flag, setting } of flagTable) {
    const value = values[flag.slice(2)];
    if (value === undefined) continue;
    const fitting = typeof value === 'string' ? flagValue(setting.kind, value) : key !== 'notify';
    if (fitting === undefined) return null;
    given[key] = fitting;
  }
  return given;
};
