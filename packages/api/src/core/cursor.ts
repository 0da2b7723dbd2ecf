/** The place after which the next page goes on: opaque to clients, the row's id to us. */
export const formatCursor = (id: number): string => Buffer.from(`before:${id}`).toString('base64url');

/** `null` for what this API never gave out. */
export const parseCursor = (cursor: string): number | null => {
  const match = /^before:(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  return match === null ? null : Number(match[1]);
};
