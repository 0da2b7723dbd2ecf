/** SQLite's primary result code of an error; 0: it is none of SQLite. */
export const sqliteCodeOf = (error: unknown): number => {
  const code = (error as { errcode?: unknown } | null | undefined)?.errcode;
  return typeof code === 'number' ? code & 0xff : 0;
};

export const isSqliteError = (error: unknown): boolean => sqliteCodeOf(error) > 0;

/** BUSY and LOCKED. */
const taken = new Set([5, 6]);

/** Somebody else has locked what was to be read or written: it is over by itself. */
export const isLocked = (error: unknown): boolean => taken.has(sqliteCodeOf(error));
