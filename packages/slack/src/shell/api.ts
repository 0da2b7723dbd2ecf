import { type Http, type HttpAnswer, outcomeOf, type SendOutcome, saidIn, webhook } from '@sentinel/notify';

/** A bot of Slack (`chat:write`) and a channel that it is in. */
export type SlackBot = {
  /** `xoxb-...`. A secret. */
  readonly token: string;
  /** The id of a channel: `C0123456789`. */
  readonly channel: string;
  /** Default: `https://slack.com/api`. */
  readonly server?: string | undefined;
};

/** Why a bot cannot be used; `null`: it can. */
export const botFault = ({ token, channel, server }: SlackBot, tokenName: string): string | null => {
  if (server !== undefined && webhook.faultOf({ url: server }) !== null)
    return 'the address of its server is no URL that begins with https:// or http://';
  if (!/^xox[a-z]-[\w-]{8,}$/.test(token))
    return `${tokenName} is not set, or is not the token of a bot (xoxb-...)`;
  return /^[CGD][A-Z0-9]{6,}$/.test(channel) ? null : 'its channel is not an id such as C0123456789';
};

/** The word of a refusal: the Web API answers 200 to what it refuses, with `ok: false` and one word. */
export const refusalIn = (answer: HttpAnswer): string | null => {
  const said = saidIn(answer);
  return said?.ok === false && typeof said.error === 'string' && /^[a-z_]{1,60}$/.test(said.error)
    ? said.error
    : null;
};

/** Refusals that pass by themselves. */
const limited: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);
/** The same; a part may have been done. */
const failing: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);
/** Refusals of this message, which say nothing about the next one. */
const ofMessage =
  /^(?:invalid_(?:attachments|blocks|blocks_format|json|metadata_\w+)|metadata_\w+|msg_\w*too_long|no_text|too_many_attachments|attachment_payload_limit_exceeded)$/;

/**
 * What came of a call of the Web API. Its refusals are listed at docs.slack.dev/reference/methods, under `Errors` of each
 * method; a limit has HTTP 429 and `Retry-After` (docs.slack.dev/apis/web-api/rate-limits).
 */
export const apiOutcome = (answer: HttpAnswer): SendOutcome => {
  const word = refusalIn(answer);
  if (word === null || 'error' in answer)
    return outcomeOf(answer, {
      whose: "Slack's",
      takes: () => saidIn(answer)?.ok === true,
      refuses: () => false,
    });
  const detail = `Slack: ${word}`;
  const waitMs = answer.retryAfterMs ?? 0;
  if (limited.has(word)) return { kind: 'retry', reason: 'rate-limited', detail, waitMs };
  if (failing.has(word)) return { kind: 'retry', reason: 'server', detail, waitMs, uncertain: true };
  return { kind: 'permanent', reason: 'refused', of: ofMessage.test(word) ? 'message' : 'channel', detail };
};

/** An answer repeats the whole message, and a list all that wait. In characters. */
const mostOfAnswer = 1_000_000;

export const callSlack = (
  { token, server = 'https://slack.com/api' }: Pick<SlackBot, 'token' | 'server'>,
  http: Http,
  method: string,
  body: object,
): Promise<HttpAnswer> =>
  http.request(`${server.replace(/\/+$/, '')}/${method}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json; charset=utf-8', Authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    mostOfAnswer,
  });
