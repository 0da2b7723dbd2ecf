import type { Setting } from './settings.ts';

/** How this host watches others, and what they call it. */
export const peerSettings = {
  host: {
    kind: 'text',
    group: 'What is watched',
    value: 'name',
    otherwise: 'the host name of the machine',
    meaning: 'what the peers call this host',
  },
  peerMaxAge: {
    kind: 'seconds',
    group: 'When the bot is well',
    value: 'seconds',
    fallback: 20,
    meaning: 'a peer of which nothing came for so long is silent; 15 seconds or more',
  },
  canary: {
    kind: 'url',
    group: 'When the bot is well',
    value: 'url',
    otherwise: 'none',
    meaning:
      'an address outside of your hosts: where only one host watches another, it says down only while it reaches this',
  },
} as const satisfies Record<string, Setting>;
