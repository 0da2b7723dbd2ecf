import { userInfo } from 'node:os';

/** Who gives an order: in a container the user may have no name. */
export const userName = (): string => {
  try {
    return userInfo().username;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SYSTEM_ERROR')) throw error;
    return String(process.getuid?.() ?? 'unknown');
  }
};
