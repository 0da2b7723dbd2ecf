/** Whatever the value is like: a password of four characters is one. */
const surely =
  /(?:PASSWORD|PASSWD|PASSPHRASE|TOKENS?|SECRET|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?|COOKIE)\d*$|(?:WEBHOOK|PING|NTFY)_URL(?:_CRITICAL)?$/i;
/** These name other things too: a path, a number, a name. */
const maybe = /(?:^|_)(?:PASS|KEY|PAT|DSN|AUTH)\d*$|_PWD\d*$|^(?:TOKEN|SECRET|PASSWORD)_/i;
const least = 8;

/** Struck out everywhere it would make texts unreadable, and says nothing to whoever reads it. */
const isHarmless = (value: string): boolean =>
  value.length < least || /^(?:[\d.:]+|true|false|[./~].*|[A-Za-z]:\\.*)$/.test(value);

/** Names of what a URL carries for its own admission. */
const inQuery = /^(?:.*[_-])?(?:token|key|secret|password|passwd|pwd|sig|signature|auth)$/i;

/** What is surely secret within an address, as a variable of any name may hold one. */
const inAddress = (value: string): string[] => {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || !URL.canParse(value)) return [];
  const { password, searchParams } = new URL(value);
  const carried = [...searchParams].flatMap(([name, text]) => (inQuery.test(name) ? [text] : []));
  return [password, decoded(password), ...carried].filter((text) => text.length >= least);
};

/** Made by chance, and not a word that somebody chose: it has a digit, or letters of both sizes. */
const byChance = (part: string): boolean =>
  part.length >= 16 && (/\d/.test(part) || (/[a-z]/.test(part) && /[A-Z]/.test(part)));

/**
 * The parts of a secret address that admit whoever knows them. Libraries name a request without its host: `Max retries
 * exceeded with url: /services/T0/B0/...` is what a bot in Python says of a webhook that it cannot reach.
 */
const inPath = (value: string): string[] =>
  URL.canParse(value) ? new URL(value).pathname.split('/').filter(byChance) : [];

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

/** The values of an environment that are secrets, by their names, and what is secret within addresses. */
export const secretsIn = (environment: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(environment).flatMap(([name, value]) => {
    if (value === undefined || value === '') return [];
    if (surely.test(name) || (maybe.test(name) && !isHarmless(value)))
      return [value, ...inAddress(value), ...inPath(value), ...(/TOKENS$/i.test(name) ? inPairs(value) : [])];
    return inAddress(value);
  });
