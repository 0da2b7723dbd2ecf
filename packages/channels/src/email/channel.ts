import { createHash } from 'node:crypto';
import { type Batch, type ChannelKind, reaches } from '@sentinel/notify';
import type * as Zod from 'zod';
import { batchText, batchTitle } from '../batch-text.ts';
import { isSmtpError, outcomeOfSmtp } from './outcome.ts';

/** A server that takes mail for one address. */
export type EmailOptions = {
  /** `smtps://mail.example.org` (TLS from the start, port 465) or `smtp://mail.example.org:587` (STARTTLS). */
  readonly server: string;
  readonly from: string;
  /** One address: a list of people is one at the mail server. */
  readonly to: string;
  readonly user?: string | undefined;
  /** A secret. */
  readonly password?: string | undefined;
};

/** Mail may be long; nobody reads more. In characters. */
const mostOfText = 50_000;
const timeoutMs = 15_000;

let loading: Promise<typeof import('nodemailer')> | undefined;
const load = () => {
  loading ??= import('nodemailer');
  return loading;
};

const isLoopback = (host: string): boolean => /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(host);

/** On the way to this machine nobody listens. Elsewhere a password is sent over TLS or not at all. */
const transportOf = ({ server, user, password }: EmailOptions) => {
  const { protocol, hostname, port } = new URL(server);
  const secure = protocol === 'smtps:';
  return {
    host: hostname.replaceAll(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    ignoreTLS: !secure && isLoopback(hostname),
    requireTLS: !secure && password !== undefined && !isLoopback(hostname),
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
};

const subjectOf = (batch: Batch): string => {
  const subject = batchTitle(batch);
  // A filter may dislike signs: what was refused is sent in letters.
  return batch.refusal === null ? subject : subject.replaceAll(/[^\x20-\x7e]/g, '').trim();
};

/** One id for every try of a message, and one that all mail of an incident refers to. */
const idsOf = ({ alerts }: Batch, key: string, from: string) => {
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? 'sentinel.invalid';
  const incident = alerts[0]?.notification.incident;
  if (incident === undefined) return { messageId: `<${key}@${domain}>` };
  const name = createHash('sha256').update(incident).digest('hex').slice(0, 32);
  return { messageId: `<${key}@${domain}>`, references: `<${name}@${domain}>` };
};

const addressForm = /^[^\s@<>,;]+@[^\s@<>,;]+$/;
const senderForm = /^(?:[^<>,;\r\n]*<[^\s@<>,;]+@[^\s@<>,;]+>|[^\s@<>,;]+@[^\s@<>,;]+)$/;

/** Mail by SMTP. The library is loaded when the channel is set up: later a file of it may be gone. */
export const emailChannel: ChannelKind<EmailOptions> = {
  kind: 'email',
  pace: { betweenMs: 5000, mostSingle: 3, mostTogether: 100 },
  load,
  optionsSchema: (z: typeof Zod) => {
    const [must, may] = [z.string(), z.string().optional()];
    return z.strictObject({ server: must, from: must, to: must, user: may, password: may });
  },
  faultOf: ({ server, from, to, user, password }) => {
    if (
      !URL.canParse(server) ||
      !/^smtps?:$/.test(new URL(server).protocol) ||
      new URL(server).hostname === ''
    )
      return 'its server is not of the form smtps://mail.example.org or smtp://mail.example.org:587';
    const { username, password: inUrl } = new URL(server);
    if (username + inUrl !== '')
      return 'its server holds a user name or a password, which have settings of their own';
    if ((user === undefined) !== (password === undefined))
      return 'it has a user without a password, or a password without a user';
    if (!senderForm.test(from)) return 'its sender is no address such as sentinel@example.org';
    return addressForm.test(to) ? null : 'its recipient is not one address such as ann@example.org';
  },
  secrets: ({ password }) => (password === undefined ? [] : [password]),
  send: async (batch, key, { options }) => {
    const { createTransport } = await load();
    const transport = createTransport(transportOf(options));
    const isLoud = batch.alerts.some(({ card }) => reaches(card.severity, 'critical'));
    try {
      await transport.sendMail({
        from: options.from,
        to: options.to,
        subject: subjectOf(batch),
        text: batchText(batch, mostOfText),
        ...idsOf(batch, key, options.from),
        ...(isLoud ? { priority: 'high' as const } : {}),
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return { kind: 'sent' };
    } catch (error) {
      if (!isSmtpError(error)) throw error;
      return outcomeOfSmtp(error);
    } finally {
      transport.close();
    }
  },
};
