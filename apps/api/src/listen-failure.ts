import type { Settings } from './env.ts';

/** One line that says why the address could not be taken, and what to do. */
export const listenFailure = (error: unknown, { HOST, PORT }: Pick<Settings, 'HOST' | 'PORT'>): string => {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return `${HOST}:${PORT} is taken by another program: end it, or set PORT to a free port`;
    case 'EACCES':
      return `${HOST}:${PORT} may not be used by this user: set PORT to 1024 or above`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST=${HOST} is no address of this machine: set HOST to 127.0.0.1, 0.0.0.0 or one of its own`;
    default:
      return `cannot listen on ${HOST}:${PORT} (${code ?? String(error)})`;
  }
};
