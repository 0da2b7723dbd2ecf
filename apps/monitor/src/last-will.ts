import { ntfyWill } from '@sentinel/channels';
import { parseDuration } from '@sentinel/heartbeat-core';
import { type WillPace, willPace } from '@sentinel/monitor';
import type { WillPlace } from '@sentinel/notify';
import { slackWill } from '@sentinel/slack';
import { willForm } from './last-will-form.ts';

export type WillSettings = {
  readonly place: string | undefined;
  readonly after: string | undefined;
  readonly ntfyToken: string | undefined;
  readonly slackToken: string | undefined;
};

const placeOf = ({ place, ntfyToken, slackToken }: WillSettings): WillPlace | null => {
  const [, kind, server, name] = willForm.exec(place ?? '') ?? [];
  if (name === undefined) return null;
  return kind === 'ntfy'
    ? ntfyWill({ url: `${server ?? 'https://ntfy.sh'}/${name}`, token: ntfyToken })
    : slackWill({ token: slackToken ?? '', channel: name, server });
};

/** The last will that is set up; a text: what is wrong with it. It repeats nothing of it. `null`: none is. */
export const lastWillOf = (
  settings: WillSettings,
): { readonly place: WillPlace; readonly pace: WillPace } | string | null => {
  if (settings.place === undefined)
    return settings.after === undefined ? null : 'LAST_WILL_AFTER: LAST_WILL is not set';
  const place = placeOf(settings);
  if (place === null) return 'LAST_WILL: expected ntfy:TOPIC, ntfy:https://HOST/TOPIC or slack:CHANNEL';
  if (place.fault !== null) return `LAST_WILL: ${place.fault}`;
  const minutes = settings.after === undefined ? null : parseDuration(settings.after, 'minutes');
  if (settings.after !== undefined && (minutes === null || minutes > 24 * 60))
    return 'LAST_WILL_AFTER: expected a length of time such as 5m, a day at most';
  const pace = willPace(minutes === null ? null : minutes * 60_000, place.least);
  const leastWords = `${place.least.horizonMs / 1000}s`;
  return pace === null ? `LAST_WILL_AFTER: expected ${leastWords} or more at this service` : { place, pace };
};
