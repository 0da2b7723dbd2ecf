const key = 'bot';

/** The address of one bot on this page. It stays behind the `#`, so that no server needs to know it. */
export const addressOf = (bot: string): string => `#${new URLSearchParams({ [key]: bot })}`;

/** The bot that this page was opened for; `null`: none is named. */
export const botInAddress = (): string | null => new URLSearchParams(location.hash.slice(1)).get(key);

/** Calls with each bot that the address comes to name: by a link, or by going back. */
export const followAddress = (choose: (bot: string) => void, signal: AbortSignal): void => {
  const look = () => {
    const bot = botInAddress();
    if (bot !== null) choose(bot);
  };
  look();
  addEventListener('hashchange', look, { signal });
};
