// A shorter value is more likely an ordinary word (`lang=english`); with its name before it, it is struck all the same.
const shortestAlone = 8;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return text;
  }
};

/** What must not be shown of an address: user name, password and query, as written and decoded. */
export const addressSecrets = (address: string | undefined): readonly string[] => {
  if (address === undefined || !URL.canParse(address)) return [];
  const { username, password, search, searchParams } = new URL(address);
  const query = search.slice(1);
  const values = [...searchParams.values()].filter(({ length }) => length >= shortestAlone);
  const written = [username, password, query, ...query.split('&')];
  return [...written, ...written.map(decoded), ...values].filter((secret) => secret !== '');
};
