import {
  type Http,
  type HttpAnswer,
  postJson,
  type SendOutcome,
  saidIn,
  type WillPlace,
} from '@sentinel/notify';
import { outcomeInItsWords } from '../answer.ts';
import { shortened } from '../batch-text.ts';
import { dialect, mostOfSigns, type NtfyOptions, ntfyChannel, placeOf } from './channel.ts';

/*
 * ntfy replaces a scheduled message by one with the same sequence id, and deletes it by DELETE: docs/publish.md of
 * binwiederhier/ntfy, "Updating scheduled messages" (commit 9ecf21c65a, in 2.16.0). An older server has no path
 * /TOPIC/SEQUENCE, and answers 404 to it; as JSON, it would take such a message and forget the id. So the path is used. The
 * version itself (/v1/version, 2.17) is shown to administrators only.
 */

const minuteMs = 60_000;
/** A message is scheduled for 10 s from now at least, and sent up to 10 s late (server/config.go). */
const own = { renewMs: 3000, horizonMs: 15_000 };
/** ntfy.sh takes 250 messages a day (docs/publish.md, "Limitations"): 144 are the will's, the others are left for alerts. */
const atNtfySh = { renewMs: 10 * minuteMs, horizonMs: 30 * minuteMs };

const old = 'its version is older than 2.16, and cannot replace a message that waits';

const asItSays = (answer: HttpAnswer, { url, token }: NtfyOptions): SendOutcome => {
  const { topic } = placeOf(url);
  const outcome = outcomeInItsWords(answer, dialect, 'error', [url, topic, ...(token ? [token] : [])]);
  const isOld = 'status' in answer && answer.status === 404 && saidIn(answer)?.code === 40401;
  return isOld && outcome.kind === 'permanent'
    ? { ...outcome, detail: `${outcome.detail}: ${old}` }
    : outcome;
};

/** A server that forgets the sequence id would send each of the messages. */
const isKept = (answer: HttpAnswer, key: string): boolean => saidIn(answer)?.sequence_id === key;

const proofOf = ({ token }: NtfyOptions) =>
  token === undefined ? undefined : { Authorization: `Bearer ${token}` };

export const ntfyWill = (options: NtfyOptions): WillPlace => {
  const fault = ntfyChannel.faultOf(options);
  const { url } = options;
  const { server, topic } = fault === null ? placeOf(url) : { server: '', topic: '' };
  const headers = proofOf(options);
  const ask = async (http: Http, method: string, path: string, body?: string) =>
    http.request(`${server}${topic}/${path}`, {
      method,
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
    });
  return {
    kind: 'ntfy',
    fault,
    secrets: [...ntfyChannel.secrets(options), ...(topic === '' ? [] : [topic])],
    least: server === 'https://ntfy.sh/' ? atNtfySh : own,
    put: async ({ title, text }, key, inMs, http) => {
      const wish = new URLSearchParams({ title, priority: '5', delay: `${Math.ceil(inMs / 1000)}s` });
      const answer = await ask(http, 'PUT', `${key}?${wish}`, shortened(text, mostOfSigns));
      const outcome = asItSays(answer, options);
      if (outcome.kind !== 'sent' || isKept(answer, key)) return outcome;
      return { kind: 'permanent', reason: 'refused', of: 'channel', detail: old };
    },
    withdraw: async (key, http) => asItSays(await ask(http, 'DELETE', key), options),
    say: async ({ title, text }, http) => {
      const message = { topic, title, message: shortened(text, mostOfSigns), priority: 4 };
      return asItSays(await postJson(http, server, 'last-will', message, headers), options);
    },
  };
};
