import { createHmac } from 'node:crypto';

/** `whsec_` and 24 to 64 bytes in base64, as Standard Webhooks wants it. */
const secretForm = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;

const keyOf = (secret: string): Buffer | null => {
  const key = Buffer.from(secretForm.exec(secret)?.[1] ?? '', 'base64');
  return key.length >= 24 && key.length <= 64 ? key : null;
};

/** Why a secret cannot sign; `null`: it can. The secret is not repeated. */
export const faultOfSecret = (secret: string): string | null =>
  keyOf(secret) === null
    ? 'its signing secret is not whsec_ and 24 to 64 bytes in base64 (Standard Webhooks)'
    : null;

/**
 * The headers by which a receiver knows that a message is ours, new, and whether it has it already (Standard Webhooks 1.0).
 *
 * @param id the same for every try of a message.
 * @param now when it is sent, in ms since the epoch.
 */
export const signatureOf = (
  secret: string,
  id: string,
  now: number,
  body: string,
): Readonly<Record<string, string>> => {
  const seconds = Math.floor(now / 1000);
  const signature = createHmac('sha256', keyOf(secret) ?? '')
    .update(`${id}.${seconds}.${body}`)
    .digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  };
};
