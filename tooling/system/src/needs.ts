/** What a test file needs of the machine beyond Node. */
export type Need = 'containers' | 'vps' | 'windows' | 'linters' | 'compilers' | 'oldest node';

export type Lacks = Readonly<Partial<Record<Need, string>>>;

const { SENTINEL_SYSTEM_FOLDER, SENTINEL_SYSTEM_LACKS } = process.env;

/** The run's own folder, which is removed after it; empty outside of a run. */
export const runFolder = SENTINEL_SYSTEM_FOLDER ?? '';

/** Why the tests of this file are skipped, or undefined; the reason is printed. */
export const lackOf = (need: Need, what: string): string | undefined => {
  const reason = (JSON.parse(SENTINEL_SYSTEM_LACKS ?? '{}') as Lacks)[need];
  if (reason) console.log(`${what}: skipped, because ${reason}`);
  return reason;
};
