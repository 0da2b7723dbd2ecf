/** 64 bits of a text as 16 digits: the same on every machine. Nothing secret depends on it. */
export const hashOf = (text: string): string => half(text, 0x811c9dc5) + half(text, 0x9747b28c);

/** FNV-1a, then the last mixing of MurmurHash 3: texts that differ by one letter get numbers that are far apart. */
const half = (text: string, seed: number): string => {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, '0');
};

/**
 * The place of an observer among those that are there, 0 for the first, by rendezvous hashing: every observer finds the
 * same order without a leader, and one that comes or goes changes only the places behind it.
 */
export const rankOf = (key: string, observer: string, observers: Iterable<string>): number => {
  const own = hashOf(`${key} ${observer}`);
  let before = 0;
  for (const other of new Set(observers))
    if (other !== observer && hashOf(`${key} ${other}`) < own) before += 1;
  return before;
};
