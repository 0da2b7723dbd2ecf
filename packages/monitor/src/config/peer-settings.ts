import { inGroup } from './setting.ts';

/** How this host watches others, and what they call it. */
export const peerSettings = {
  ...inGroup('What is watched', {
    host: {
      kind: 'text',
      value: 'name',
      otherwise: 'the host name of the machine',
      meaning: 'what the peers call this host',
    },
  }),
  ...inGroup('When the bot is well', {
    peerMaxAge: {
      kind: 'seconds',
      fallback: 20,
      meaning: 'a peer of which nothing came for so long is silent; 15 seconds or more',
    },
    canary: {
      kind: 'url',
      otherwise: 'none',
      meaning:
        'an address outside of your hosts: where only one host watches another, it says down only while it reaches this',
    },
  }),
};
