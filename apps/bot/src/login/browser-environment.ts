type Environment = Readonly<Record<string, string | undefined>>;

/** What a browser needs to start, to show its window and to find its fonts. */
const needed =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS|XDG_[A-Z_]+|FONTCONFIG_(?:FILE|PATH)|LD_LIBRARY_PATH)$/;
/** The same on Windows, where names have no case. */
const neededOnWindows =
  /^(?:SYSTEMROOT|SYSTEMDRIVE|WINDIR|TEMP|TMP|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES(?:\(X86\))?|COMSPEC|PATHEXT|PATH|NUMBER_OF_PROCESSORS|PROCESSOR_ARCHITECTURE)$/i;
const proxies = /^(?:https?|all|no)_proxy$/i;

/** A browser takes no password from there: who may look at it need not find one. */
const withoutPassword = (value: string): string => value.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');

/**
 * What the browser gets of the bot's environment: it runs what a broker's page sends, and the passwords of the bot are
 * none of its business.
 */
export const browserEnvironment = (environment: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => {
      if (value === undefined) return [];
      if (proxies.test(name)) return [[name, withoutPassword(value)]];
      return needed.test(name) || neededOnWindows.test(name) ? [[name, value]] : [];
    }),
  );
