import { wordsOf } from '../custody/command-shape.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** How a service is told to speak to systemd: a child that has them would speak in the monitor's name. */
const ofSystemd = /^(?:NOTIFY_SOCKET|WATCHDOG_.*|LISTEN_(?:PID|FDS|FDNAMES)|CREDENTIALS_DIRECTORY)$/;
/** What is Sentinel's own: where it keeps things, and the secrets of its channels. */
const ofSentinel = /^(?:SENTINEL_.*|SLACK_WEBHOOK_URL.*|FALLBACK_WEBHOOK_URL|LAST_WILL.*)$/;

/** What every program may need to run at all; on Windows names have no case. */
const usual =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TERM|TMPDIR|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS)$/;
const ofWindows =
  /^(?:PATH|PATHEXT|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|TEMP|TMP|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES.*)$/i;
const proxies = '(?:HTTPS?|NO|ALL)_PROXY|(?:https?|no|all)_proxy';
const containers = new RegExp(
  `^(?:DOCKER_.*|COMPOSE_.*|BUILDKIT_.*|PODMAN_.*|CONTAINERS?_.*|XDG_.*|SSH_AUTH_SOCK|${proxies})$`,
);
const clusters = new RegExp(
  `^(?:KUBECONFIG|KUBE.*|HELM_.*|AWS_.*|GOOGLE_.*|CLOUDSDK_.*|AZURE_.*|${proxies})$`,
);
const services = /^(?:SYSTEMD_.*|XDG_.*)$/;
const remote = /^SSH_.*$/;

/** Programs that ask another one to start the bot: it has an environment of its own. What each reads besides. */
const tools: Readonly<Record<string, RegExp>> = {
  docker: containers,
  'docker-compose': containers,
  podman: containers,
  'podman-compose': containers,
  nerdctl: containers,
  kubectl: clusters,
  oc: clusters,
  helm: clusters,
  nomad: new RegExp(`^(?:NOMAD_.*|${proxies})$`),
  systemctl: services,
  service: services,
  'rc-service': services,
  launchctl: services,
  supervisorctl: /^SUPERVISOR_.*$/,
  pm2: /^PM2_.*$/,
  sv: /^SVDIR$/,
  's6-svc': /^S6_.*$/,
  ssh: remote,
};

/** Words in front of a program that change nothing about which it is. */
const prefix = /^(?:exec|nohup|env|sudo|doas|-[a-zA-Z]+|[A-Za-z_]\w*=.*)$/;
const redirection = /\s(?:\d*>>?|&>>?)\s*(?:&\d|[\w./-]+)|\s\d*<\s*[\w./-]+/g;

/** The tool that a command calls; `null`: another program, or more than one. */
const toolOf = (command: string): string | null => {
  const words = wordsOf(` ${command}`.replaceAll(redirection, ' '));
  const first = words?.find((word) => !prefix.test(word));
  if (first === undefined) return null;
  const name = first.slice(Math.max(first.lastIndexOf('/'), first.lastIndexOf('\\')) + 1);
  const tool = name.replace(/\.exe$/i, '');
  return Object.hasOwn(tools, tool) ? tool : null;
};

/** Whether a name is in a list such as `SLACK_*,SENTINEL_BROKER`. */
const isListed = (list: string, name: string): boolean =>
  list.split(',').some((entry) => {
    const wanted = entry.trim();
    return wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
  });

/**
 * What a command of the operator inherits. A tool such as `docker` or `systemctl`, which asks somebody else to start the
 * bot, gets what it needs itself; any other program gets the environment in which the monitor was started, since the bot
 * may need it. Neither gets what is Sentinel's own, nor systemd's socket.
 *
 * Of `{ PATH, DOCKER_HOST, BOT_KEY }` a `docker restart bot` gets `PATH` and `DOCKER_HOST`.
 *
 * @param started the environment of the monitor's start, without its own `.env`.
 * @param pass names that the command gets besides, separated by commas: `SLACK_*`.
 */
export const childEnvironment = (
  command: string,
  started: Environment,
  pass: string,
): Record<string, string> => {
  const tool = toolOf(command);
  const own = tool === null ? null : tools[tool];
  const mayHave = (name: string): boolean => {
    if (ofSystemd.test(name)) return false;
    if (isListed(pass, name)) return true;
    if (ofSentinel.test(name)) return false;
    return own === null || usual.test(name) || ofWindows.test(name) || own?.test(name) === true;
  };
  return Object.fromEntries(
    Object.entries(started).flatMap(([name, value]) =>
      value !== undefined && mayHave(name) ? [[name, value]] : [],
    ),
  );
};
