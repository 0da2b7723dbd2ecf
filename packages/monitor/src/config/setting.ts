import type { SettingKind } from './setting-kinds.ts';

/** One setting: the same in a flag (`--max-age`) and in a config file (`maxAge`). */
export type Setting = {
  readonly kind: SettingKind;
  /** Under which heading the help shows it. */
  readonly group: string;
  /** Its one-letter flag. */
  readonly short?: string;
  /** What stands for the value in the help; a switch has none. Default: its kind. */
  readonly value?: string;
  readonly fallback?: number;
  /** What is so without it, where that is no number. */
  readonly otherwise?: string;
  readonly meaning: string;
};

type Ungrouped = Omit<Setting, 'group'>;

const inHelp = ({ kind, value = kind }: Ungrouped) => (kind === 'switch' ? {} : { value });

/** Settings that the help shows under one heading. */
export const inGroup = <const Table extends Readonly<Record<string, Ungrouped>>>(
  group: string,
  table: Table,
) =>
  Object.fromEntries(
    Object.entries(table).map(([key, setting]) => [key, { ...setting, ...inHelp(setting), group }]),
  ) as { readonly [Key in keyof Table]: Table[Key] & { readonly group: string } };
