/** The name in a `Host` header, in small letters, without its port and the dot at its end. */
export const hostName = (header: string): string => {
  const name = /^\[([^\]]*)\](?::\d*)?$/.exec(header)?.[1] ?? header.replace(/:\d*$/, '');
  return name.toLowerCase().replace(/\.$/, '');
};

const number = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^${number}(?:\\.${number}){3}$`);
const ipv6 = /^\[[\da-f:.]+(%[\w.-]+)?\](:\d*)?$/i;

/**
 * Whether a request with this `Host` header is for this API. A page elsewhere can let its own name point to this
 * machine, and its browser then takes the API for a part of that page. An address has no name that could be pointed
 * anywhere, and `localhost` with all below it is never asked for in the network. No header: no browser. One that is empty is none of a browser,
 * and none of ours.
 */
export const isOwnHost = (header: string | undefined, names: ReadonlySet<string>): boolean => {
  if (header === undefined) return true;
  const name = hostName(header);
  return (
    ipv6.test(header) ||
    ipv4.test(name) ||
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    names.has(name)
  );
};
