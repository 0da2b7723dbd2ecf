/** The escapes of a name or a password that say no character. */
const isEscaped = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return false;
  }
};

/**
 * The address of a proxy as it can be used: `proxy:3128`, which other programs take as well, gets its scheme, and a path is
 * left out. `null`: it is no address of a proxy that speaks HTTP.
 *
 * @example
 * proxyAddress('user:secret@proxy:3128'); // 'http://user:secret@proxy:3128'
 */
export const proxyAddress = (given: string): string | null => {
  const address = /^[a-z][\w+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return null;
  const { protocol, username, password, host } = new URL(address);
  if (!isEscaped(username) || !isEscaped(password)) return null;
  const user = username === '' && password === '' ? '' : `${username}:${password}@`;
  return `${protocol}//${user}${host}`;
};

/** What is said of an address that is none. The address may hold a password, and is not in it. */
export const expectedProxy =
  'Expected the address of a proxy that speaks HTTP, such as http://proxy:3128 (% in a password is written %25)';
