import { hasSecretShape } from './redact.ts';

/** Whatever the value is like: a password of four characters is one. */
const surely =
  /(?:PASSWORD|PASSWD|PASSPHRASE|PASSCODE|MNEMONIC|SEED_?PHRASE|TOKENS?|SECRETS?|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?|COOKIE)\d*$|(?:WEBHOOK|PING|NTFY)_UR[IL](?:_\w+)?$/i;
/** These name other things too: a path, a number, a name. */
const maybe = /(?:^|_)(?:KEY|PAT|DSN|AUTH|JWT|WEBHOOK)\d*$|^(?:TOKEN|SECRET|PASSWORD)_/i;
/** So do these, and people type them: a short one counts, and one of digits. */
const typed = /(?:PASS|_PWD|(?:^|_)PIN)\d*$/i;
const least = 8;
const leastTyped = 6;

/** Struck out everywhere it would make texts unreadable, and says nothing to whoever reads it. */
const isHarmless = (value: string, shortest: number): boolean =>
  value.length < shortest || /^(?:true|false|[./~].*|[A-Za-z]:\\.*)$/.test(value);
const isNumber = (value: string): boolean => /^[\d.:]+$/.test(value);

/** The one rule: by its name, or by its shape. */
const isSecret = (name: string, value: string): boolean =>
  surely.test(name) ||
  (maybe.test(name) && !isNumber(value) && !isHarmless(value, least)) ||
  (typed.test(name) && !isHarmless(value, leastTyped)) ||
  hasSecretShape(value);

/** Names of what a URL carries for its own admission. */
const inQuery = /^(?:.*[_-])?(?:token|key|secret|password|passwd|pwd|sig|signature|auth)$/i;

const isAddress = (value: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(value) && URL.canParse(value);

/** As databases are told where they are: `Server=db;Password=...`, `user:...@tcp(db:3306)/x`. */
const inConnection = /(?:^|[;\s])(?:password|pwd)\s*=\s*("[^"]*"|'[^']*'|[^;\s]+)|^[^:/@\s]+:([^@\s]+)@/i;

/** What is surely secret within an address, as a variable of any name may hold one. */
const inAddress = (value: string): string[] => {
  if (!isAddress(value)) {
    const [, named = '', beforeHost = ''] = inConnection.exec(value) ?? [];
    return [named.replace(/^(["'])(.*)\1$/, '$2'), beforeHost].filter(({ length }) => length >= least);
  }
  const { username, password, searchParams } = new URL(value);
  const carried = [...searchParams].flatMap(([name, text]) => (inQuery.test(name) ? [text] : []));
  const user = byChance(username) ? [username] : [];
  return [password, decoded(password), ...user, ...carried].filter((text) => text.length >= least);
};

/** Made by chance, and not a word that somebody chose: letters and digits, letters of both sizes, or one long run of letters. */
const byChance = (part: string): boolean =>
  part.length >= least &&
  (/\d.*[A-Za-z]|[A-Za-z].*\d|[a-z][A-Z]/.test(part) || /^(?:[A-Za-z]{16,}|\d{16,})$/.test(part));

/**
 * The parts of a secret address that admit whoever knows them: all of its path, and what was made by chance in it. Libraries name
 * a request without its host: `Max retries exceeded with url: /services/T0/B0/...` is what a bot in Python says of a webhook that
 * it cannot reach.
 */
const inPath = (value: string): string[] => {
  if (!isAddress(value)) return [];
  const { pathname, search } = new URL(value);
  return [
    pathname,
    ...(search === '' ? [] : [pathname + search]),
    ...pathname.split('/').filter(byChance),
  ].filter(({ length }) => length >= least);
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // It is not encoded: a percent sign of its own.
    if (!(error instanceof URIError)) throw error;
    return text;
  }
};

/**
 * What must not be shown of an address to which somebody signs in: user name, password and query, as written and decoded. Of
 * the query a short value is more likely an ordinary word (`lang=english`); with its name before it, it is struck all the same.
 */
export const secretsInAddress = (address: string | undefined): string[] => {
  if (address === undefined || !URL.canParse(address)) return [];
  const { username, password, search, searchParams } = new URL(address);
  const query = search.slice(1);
  const values = [...searchParams.values()].filter(({ length }) => length >= least);
  const written = [username, password, query, ...query.split('&')];
  return [...written, ...written.map(decoded), ...values].filter((secret) => secret !== '');
};

/** A list of `name=secret` pairs, separated by commas: each is one. */
const inPairs = (value: string): string[] =>
  value
    .split(',')
    .map((pair) => pair.slice(pair.indexOf('=') + 1).trim())
    .filter(({ length }) => length >= least);

/** The values of an environment that are secrets, by their names and shapes, and what is secret within addresses. */
export const secretsIn = (environment: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(environment).flatMap(([name, value]) => {
    if (value === undefined || value === '') return [];
    if (!isSecret(name, value)) return inAddress(value);
    return [value, ...inAddress(value), ...inPath(value), ...(/TOKENS$/i.test(name) ? inPairs(value) : [])];
  });
