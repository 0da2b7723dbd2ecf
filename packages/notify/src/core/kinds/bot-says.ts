import type { WatchNotification } from '../notification.ts';
import { critical, good, type Kind, warning } from './kind.ts';

type Said = WatchNotification & { readonly kind: 'bot-says' };

const topics: Readonly<
  Record<
    Said['topic'],
    {
      readonly begins: (bot: string, what: string) => string;
      /** Only what the beat says: a feed or position that it no longer names may be as before. */
      readonly ends: (bot: string, what: string) => string;
      readonly text: (what: string) => string;
      readonly next: string;
    }
  >
> = {
  halted: {
    begins: (bot, what) => `${bot} does not trade, on purpose: ${what}`,
    ends: (bot) => `${bot} is no longer halted`,
    text: (what) => `The bot lives and has halted itself: ${what}.`,
    next: 'While it sends heartbeats it is not restarted. Check why it stopped trading, and let it continue when that is right.',
  },
  'needs-person': {
    begins: (bot, what) => `${bot} needs a person: ${what}`,
    ends: (bot) => `${bot} no longer needs a person`,
    text: (what) => `The bot asks for: ${what}.`,
    next: 'Do what it asks for. Sentinel does not restart it meanwhile: a restart would only ask again.',
  },
  'mute-feed': {
    begins: (bot, what) => `${bot}: its feed ${what} is silent`,
    ends: (bot, what) => `${bot} no longer reports its feed ${what} as silent`,
    text: (what) =>
      `The bot sends heartbeats, but its feed ${what} has delivered nothing for too long: the bot trades on old prices.`,
    next: "Look at the bot's connection to its data, and at open positions.",
  },
  missed: {
    begins: (bot, what) => `${bot} has missed: ${what}`,
    ends: (bot, what) => `${bot} no longer waits for: ${what}`,
    text: (what) => `The bot expected this by now, but it did not happen: ${what}.`,
    next: "Read in the bot's log what it was doing.",
  },
  'no-stop': {
    begins: (bot, what) => `${bot} holds ${what}`,
    ends: (bot) => `${bot} no longer reports a position without a resting stop`,
    text: (what) => `The bot has held this for too long: ${what}.`,
    next: 'Place a stop at the broker, or close the position.',
  },
};

/** What is at stake makes it worse. */
const isLoud = ({ topic, exposure }: Said): boolean =>
  topic === 'needs-person' || (topic !== 'halted' && exposure !== undefined);

/** What a bot says of itself although it beats. */
export const botSays: Kind<Said> = {
  rank: (said) => {
    if (said.open) return isLoud(said) ? critical : warning;
    return {
      ...good,
      reaches: said.topic === 'halted' ? 'warning' : 'critical',
    };
  },
  line: ({ bot, topic, what, open }) =>
    open ? `⚠️ ${topics[topic].begins(bot, what)}` : `✅ ${topics[topic].ends(bot, what)}`,
  card: (said) => {
    const { bot, topic, what, open } = said;
    const words = topics[topic];
    return open
      ? {
          title: `${isLoud(said) ? '❌' : '⚠️'} ${words.begins(bot, what)}`,
          text: words.text(what),
          next: words.next,
        }
      : { title: `✅ ${words.ends(bot, what)}`, next: 'Nothing to do now.' };
  },
};
