import {
  type Listening,
  objectIn,
  type Parts,
  type PressSource,
  partsOf,
  readPress,
  saidIn,
} from '@sentinel/notify';
import { apiOutcome, callSlack, type SlackBot } from './api.ts';

/*
 * Socket Mode, docs.slack.dev/apis/events-api/using-socket-mode: apps.connections.open gives, for an app-level token with
 * `connections:write`, an address for one connection. `hello` begins it, each envelope is acknowledged by its id within 3 s,
 * and `disconnect` announces its end. docs.slack.dev/reference/interaction-payloads/block_actions-payload.
 */

/** What failed is tried again after this, in ms: after a fault of the network, of the app. */
const soonMs = 5000;
const laterMs = 60_000;
/** A connection whose other end is gone says nothing: it is made anew, in ms. Slack does so every hour or so itself. */
const renewMs = 15 * 60_000;
const mostName = 60;

const pressIn = (payload: Parts, places: readonly string[]) => {
  const [action] = Array.isArray(payload.actions) ? payload.actions.map(partsOf) : [];
  const isHere = places.includes(String(partsOf(payload.channel).id));
  const press = isHere && payload.type === 'block_actions' ? readPress(action?.value) : null;
  const { username, name, id } = partsOf(payload.user);
  const by = String(username ?? name ?? id).slice(0, mostName);
  return press === null ? null : { ...press, by: `${by.toWellFormed()} (on Slack)` };
};

const answerPress = async (payload: Parts, { places, press, http }: Listening): Promise<void> => {
  const pressed = pressIn(payload, places);
  if (pressed === null) return;
  const text = await press(pressed);
  if (typeof payload.response_url !== 'string' || !URL.canParse(payload.response_url)) return;
  // Only the one who pressed sees it; the message itself is edited by the order.
  const body = JSON.stringify({ text, response_type: 'ephemeral', replace_original: false });
  const headers = { 'Content-Type': 'application/json' };
  await http.request(payload.response_url, { method: 'POST', headers, body });
};

/** Hears one connection to its end. True: it was one of Slack's. */
const hear = async (url: string, to: Listening): Promise<boolean> => {
  const { signal, trouble, http } = to;
  const socket = http.openSocket === undefined ? new WebSocket(url) : await http.openSocket(url);
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  let isGreeted = false;
  const leave = () => {
    socket.close();
    resolve(isGreeted);
  };
  void to.sleep(renewMs).then(leave);
  signal.addEventListener('abort', leave, { once: true });
  socket.addEventListener('error', leave);
  socket.addEventListener('close', leave);
  socket.addEventListener('message', ({ data }) => {
    const { type, envelope_id, payload } = objectIn(String(data)) ?? {};
    if (type === 'hello') {
      isGreeted = true;
      trouble(null);
    }
    if (type === 'disconnect') leave();
    if (typeof envelope_id !== 'string') return;
    socket.send(JSON.stringify({ envelope_id }));
    if (type === 'interactive') answerPress(partsOf(payload), to).catch(reject);
  });
  return promise.finally(() => signal.removeEventListener('abort', leave));
};

/** Hears what people press below the messages of a bot, without a port that is open. */
export const slackPresses = ({ channel, server }: SlackBot, appToken: string): PressSource => {
  const connect = async (to: Listening): Promise<void> => {
    const answer = await callSlack({ token: appToken, server }, to.http, 'apps.connections.open', {});
    const outcome = apiOutcome(answer);
    const url = saidIn(answer)?.url;
    if (outcome.kind === 'permanent') to.trouble(outcome.detail);
    if (outcome.kind === 'permanent') return to.sleep(laterMs);
    if (outcome.kind === 'retry') return to.sleep(Math.max(soonMs, outcome.waitMs));
    const isAddress = typeof url === 'string' && /^wss?:\/\//.test(url) && URL.canParse(url);
    if (!isAddress || !(await hear(url, to))) await to.sleep(soonMs);
  };
  return {
    source: appToken,
    place: channel,
    listen: async (to) => {
      while (!to.signal.aborted) await connect(to);
    },
  };
};
