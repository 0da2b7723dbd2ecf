/** Of a status file: a reader takes no more, and a writer writes no more. */
export const mostBytes = 64 * 1024;
