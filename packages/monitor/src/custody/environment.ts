import { posix } from 'node:path';
import type { Match } from './place.ts';
import type { Process } from './process.ts';
import type { Program } from './program.ts';

/** Variables in which the starts of one bot differ: of a shell, a desktop, a terminal, a service manager, an interpreter. */
const noise = new RegExp(
  `^(?:${[
    '_|PWD|OLDPWD|SHLVL|SHELL|SHELLOPTS|BASH.*|ZSH.*|PS\\d|PROMPT.*|HIST.*|RANDOM|ENV|CDPATH|PATH|MANPATH|INFOPATH|FPATH',
    'HOME|USER|USERNAME|LOGNAME|MAIL|HOSTNAME|HOST|HOSTTYPE|OSTYPE|MACHTYPE|UID|EUID|GROUPS|PPID|NAME',
    'LANG|LANGUAGE|LC_.*|TZ|TERM|TERM_.*|TERMINFO.*|COLORTERM|COLUMNS|LINES|NO_COLOR|FORCE_COLOR|CLICOLOR.*|LS_?COLORS|LESS.*|PAGER|MANPAGER|EDITOR|VISUAL|BROWSER',
    'TMP|TEMP|TMPDIR|TMUX.*|STY|WINDOW|WINDOWID|DISPLAY|XAUTHORITY|WAYLAND_.*|DBUS_.*|DESKTOP_.*|GDM.*|GNOME_.*|GTK.*|KDE_.*|QT_.*|SESSION_MANAGER|XDG_.*|XMODIFIERS|IM_CONFIG_.*|VTE_.*|KONSOLE_.*|ITERM_.*|WT_.*|WSL.*|VSCODE_.*|ELECTRON_.*|GIT_.*|GPG_.*',
    'SSH_.*|SUDO_.*|DEBIAN_FRONTEND|INVOCATION_ID|JOURNAL_STREAM|SYSTEMD_.*|MANAGERPID.*|MEMORY_PRESSURE_.*|LISTEN_.*|NOTIFY_SOCKET|WATCHDOG_.*|CREDENTIALS_DIRECTORY|MAINPID|(?:RUNTIME|STATE|CACHE|LOGS|CONFIGURATION)_DIRECTORY|SUPERVISOR_.*|PM2_.*|pm_.*|container.*',
    'PYTHON.*|PYENV.*|VIRTUAL_ENV.*|CONDA.*|_CE_.*|_CONDA.*|POETRY_.*|PIP.*|UV.*|NODE_.*|NVM_.*|VOLTA_.*|FNM_.*|npm_.*|NPM_.*|PNPM_.*|YARN_.*|INIT_CWD|COREPACK_.*|BUN_.*|DENO_.*|GEM_.*|RUBY.*|BUNDLE.*|PERL.*|JAVA.*|JDK_.*|HOMEBREW_.*|LD_.*|DYLD_.*|MALLOC_.*|GLIBC_.*|FAKETIME.*|FAKE_TIME.*|FAKEROOT.*',
    'NODE|COLOR|CI|TURBO_.*|DIRENV_.*|ASDF_.*|MISE_.*|STARSHIP_.*|FZF_.*|ZELLIJ.*|P9K_.*|(?:HTTPS?|FTP|ALL|NO)_PROXY|(?:https?|ftp|all|no)_proxy|SSL_CERT_.*|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE',
    'SENTINEL_.*|HEARTBEAT_.*|SLACK_.*|FALLBACK_WEBHOOK_URL|LAST_WILL.*|__.*',
  ].join('|')})$`,
);

/** Tools that give what they start another environment: what the command has then says nothing of it. */
export const changesEnvironment = /(?:^|[\s;&|/])(?:sudo|doas|su|runuser|env|setpriv)\s/;

/**
 * A variable by which a process is another bot of the same program as far as anybody can see: the command gets it, and the
 * process has another value or none; `null`: there is none, or that is not known.
 *
 * @param given what the command gets; left out: not known.
 */
export const otherVariable = (
  { environment }: Pick<Process, 'environment'>,
  given: Readonly<Record<string, string | undefined>> | undefined,
): string | null => {
  if (environment === null || given === undefined) return null;
  const names = Object.keys(given).filter((name) => !noise.test(name) && given[name] !== undefined);
  return names.find((name) => environment[name] !== given[name]) ?? null;
};

/** Two bots may run one script, each with variables of its own that the command sets in front of the program. */
export const byAssignments = ({ environment, folder }: Process, program: Program): Match => {
  const { shape } = program;
  const wanted = 'assignments' in shape ? Object.entries(shape.assignments) : [];
  if (wanted.length === 0) return 'yes';
  if (environment === null) return 'unverified';
  const isSame = (found: string, value: string) =>
    found === value ||
    (value.includes('/') &&
      program.real(posix.resolve(folder ?? '/', found)) ===
        program.real(posix.resolve(program.folder, value)));
  const found = wanted.map(([name, value]): Match => {
    const given = environment[name];
    return given === undefined ? 'other-words' : isSame(given, value) ? 'yes' : 'no';
  });
  return found.includes('no') ? 'no' : found.includes('other-words') ? 'other-words' : 'yes';
};
