/** The addresses of this page stay behind the `#`, so that no server needs to know them. */
const hashOf = (params: Record<string, string>): string => `#${new URLSearchParams(params)}`;

export const addressOf = (bot: string): string => hashOf({ bot });
/** The address of one incident, by its id for good. */
export const addressOfIncident = (incident: string): string => hashOf({ incident });

/** Every bot, and nothing else. */
export const addressOfWall: string = hashOf({ wall: '' });
export const addressOfAll: string = hashOf({});

/** What an address names: a bot, an incident of it, or nothing. */
type Place = { readonly bot: string | null; readonly incident: string | null; readonly wall: boolean };

const placeOf = (hash: string): Place => {
  const params = new URLSearchParams(hash.slice(1));
  const incident = params.get('incident');
  // The id of an incident begins with the name of its bot.
  const bot = incident === null ? params.get('bot') : incident.replace(/@[^@]*$/, '');
  return { bot, incident, wall: params.has('wall') };
};

/** Calls with each place that the address comes to name: by a link, or by going back. */
export const followAddress = (choose: (place: Place) => void, signal: AbortSignal): void => {
  const look = () => choose(placeOf(location.hash));
  look();
  addEventListener('hashchange', look, { signal });
};
