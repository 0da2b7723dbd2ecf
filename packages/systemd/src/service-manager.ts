import { once } from 'node:events';

type ServiceManagerOptions = {
  /** `NOTIFY_SOCKET`: the socket that systemd listens on. Without one nobody is told, and nothing is started. */
  readonly socket: string | undefined;
  /** `WATCHDOG_USEC` in ms; `null`: systemd asks for no signs of life. */
  readonly watchdogMs: number | null;
  /** `PATH`, on which `systemd-notify` is looked for. */
  readonly path: string | undefined;
  /** Hears once that systemd cannot be told, and why. */
  readonly warn: (line: string) => void;
};

type ServiceManager = {
  readonly ready: () => void;
  /**
   * Work was done; `status` says what, in one line. To be called at no other time: a service that only has a
   * timer left must not look alive.
   */
  readonly worked: (status: string) => void;
  /** Resolves when systemd was told that this end is planned. */
  readonly stopping: () => Promise<void>;
};

/**
 * What systemd says to a service in its environment: where it listens, and how often it wants a sign of life, in ms.
 * `WATCHDOG_PID` names the one process that it wants them of.
 *
 * @param pid that of this process.
 * @example
 * const systemd = systemdOf({ NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '60000000' }, process.pid);
 * systemd.watchdogMs; // 60000
 */
export const systemdOf = (
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
): Omit<ServiceManagerOptions, 'warn'> => {
  const watchdogMs = Number(env.WATCHDOG_USEC) / 1000;
  const isAsked = !env.WATCHDOG_PID || Number(env.WATCHDOG_PID) === pid;
  return {
    socket: env.NOTIFY_SOCKET || undefined,
    watchdogMs: watchdogMs > 0 && isAsked ? watchdogMs : null,
    path: env.PATH || undefined,
  };
};

/** A new status at most this often, in ms: each message is a process started. */
const statusEveryMs = 5000;
const commandMs = 5000;

/**
 * Tells systemd how a service of `Type=notify` is. Node has no datagram sockets of the unix kind, so each message
 * is sent by `systemd-notify`, which comes with systemd; the unit needs `NotifyAccess=all`. Never throws.
 *
 * @example
 * const systemd = createServiceManager({ socket: '/run/systemd/notify', watchdogMs: 60_000, path: '/usr/bin', warn });
 * systemd.ready();
 * systemd.worked('3 orders placed');
 * await systemd.stopping();
 */
export const createServiceManager = (options: ServiceManagerOptions): ServiceManager => {
  const { socket, watchdogMs, path, warn } = options;
  if (socket === undefined) return { ready: () => {}, worked: () => {}, stopping: async () => {} };
  // A third: systemd waits for the whole, and asks for the half at the latest.
  const signEveryMs = watchdogMs === null ? Number.POSITIVE_INFINITY : watchdogMs / 3;
  let status = '';
  let statusAt = Number.NEGATIVE_INFINITY;
  let signAt = performance.now();
  const say = createSpeaker(socket, path, warn);
  return {
    ready: () => void say('READY=1'),
    worked: (text) => {
      const now = performance.now();
      const words: string[] = [];
      if (now - signAt >= signEveryMs) {
        words.push('WATCHDOG=1');
        signAt = now;
      }
      if (now - statusAt >= statusEveryMs && text !== status) {
        words.push(`STATUS=${text.replace(/\s+/g, ' ')}`);
        status = text;
        statusAt = now;
      }
      if (words.length > 0) void say(...words);
    },
    stopping: () => say('STOPPING=1'),
  };
};

/** Speaks to systemd: one message at a time, so that they arrive in their order. */
const createSpeaker = (socket: string, path: string | undefined, warn: (line: string) => void) => {
  let waiting: string[] = [];
  let sending: Promise<void> | undefined;
  let complained = false;

  const complain = (why: string) => {
    if (!complained) warn(`systemd cannot be told how this service is: ${why}`);
    complained = true;
  };

  const send = async () => {
    // Loaded where something is said: most programs have no systemd to tell.
    const { spawn } = process.getBuiltinModule('node:child_process');
    while (waiting.length > 0) {
      const words = waiting;
      waiting = [];
      try {
        const child = spawn('systemd-notify', words, {
          env: { NOTIFY_SOCKET: socket, ...(path === undefined ? {} : { PATH: path }) },
          stdio: 'ignore',
          timeout: commandMs,
        });
        const [code] = await once(child, 'exit');
        if (code !== 0) complain(`systemd-notify ended with ${code}`);
      } catch (error) {
        // What is no refusal of the system has no code, and is told by its name: it is a fault of ours.
        complain(`systemd-notify cannot be run (${(error as NodeJS.ErrnoException).code ?? error})`);
      }
    }
    sending = undefined;
  };

  return (...words: string[]): Promise<void> => {
    waiting.push(...words);
    sending ??= send();
    return sending;
  };
};
