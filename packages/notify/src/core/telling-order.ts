/**
 * 64 bits of a text as 16 digits: the same on every machine and in every version. Nothing secret depends on it.
 *
 * @example
 * stableHash('host-a') === stableHash('host-a'); // true
 */
export const stableHash = (text: string): string => half(text, 0x811c9dc5) + half(text, 0x9747b28c);

/** FNV-1a, then the last mixing of MurmurHash 3: texts that differ by one letter get numbers that are far apart. */
const half = (text: string, seed: number): string => {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, '0');
};

/**
 * Who tells people of something that several observers know, the first one first. Rendezvous hashing: all come to the same
 * order without a leader, each subject has another first one, and one that comes or goes changes only the places behind it.
 *
 * @example
 * const [first] = tellingOrder('host-a', ['observer-1', 'observer-2']);
 */
export const tellingOrder = (key: string, observers: Iterable<string>): readonly string[] =>
  [...new Set(observers)]
    .map((name) => ({ name, weight: `${stableHash(`${key} ${name}`)} ${name}` }))
    .sort((one, other) => (one.weight < other.weight ? -1 : 1))
    .map(({ name }) => name);
