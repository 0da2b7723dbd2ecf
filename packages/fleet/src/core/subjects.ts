/** The protocol's version is in each subject: a later one can be spoken beside it. */
const prefix = 'sentinel.v1';

/** A name that is one word of a subject and of a key: no dot, no wildcard. */
export const isNodeName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name);

/** The name of a machine as one word: `vps1.example.org` is `vps1-example-org`. */
export const nodeNameOf = (hostname: string): string =>
  hostname
    .replace(/[^A-Za-z0-9_-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 63) || 'host';

/** On which an agent says how the bots of its host are. */
export const beatSubject = (host: string): string => `${prefix}.beat.${host}`;
/** On which an observer hears itself, and the others hear that it is there. */
export const canarySubject = (observer: string): string => `${prefix}.canary.${observer}`;

export const allBeats = beatSubject('*');
export const allCanaries = canarySubject('*');

/** The last word of a subject: the host or the observer. `null`: it is no name. */
export const nodeOf = (subject: string): string | null => {
  const name = subject.slice(subject.lastIndexOf('.') + 1);
  return isNodeName(name) ? name : null;
};
