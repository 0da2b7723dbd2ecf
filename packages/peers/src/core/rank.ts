/** FNV-1a with a last mix: one letter more or less changes every bit. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
};

/**
 * Who tells of a host, the first one first. Rendezvous hashing: everybody comes to the same order without asking, and each
 * host has another first one.
 */
export const rankFor = (host: string, observers: readonly string[]): readonly string[] =>
  observers
    .map((name) => ({ name, weight: hash(`${host}\n${name}`) }))
    .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
