import { explainFailure, type FailureReason, type SendOutcome } from '@sentinel/notify';

/** What the SMTP library says of a message that did not go out. */
export type SmtpError = Error & {
  readonly code: string;
  /** The command under way: `RCPT TO`, `DATA`, `AUTH PLAIN`, `CONN`. */
  readonly command?: string;
  /** The status of the server's answer: 450, 535. */
  readonly responseCode?: number;
};

/** The library's own codes. Anything else is a fault of this program. */
const reasons: Readonly<Record<string, FailureReason>> = {
  ECONNECTION: 'network',
  ESOCKET: 'network',
  ETIMEDOUT: 'timeout',
  EDNS: 'dns',
  ETLS: 'tls',
  EPROTOCOL: 'foreign',
  EAUTH: 'refused',
  ENOAUTH: 'refused',
  EENVELOPE: 'refused',
  EMESSAGE: 'refused',
};

export const isSmtpError = (error: unknown): error is SmtpError =>
  error instanceof Error && 'code' in error && Object.hasOwn(reasons, String(error.code));

/** The library says of some failures in words only what they were. */
const tlsWords = /certificate|self-signed|TLS|SSL/i;
const codeIn = /\b(E[A-Z]{4,20})\b/;

/** What was under way; a server's own words may repeat an address, and are left out. */
const stepOf = ({ command = '' }: SmtpError): string => {
  if (command.startsWith('AUTH')) return 'the sign-in';
  if (command === 'MAIL FROM') return 'the sender';
  if (command === 'RCPT TO') return 'the recipient';
  return command === 'DATA' ? 'the message' : 'the connection';
};

/** What is to be done after a message did not go out. 4xx passes by itself, 5xx does not (RFC 5321, 4.2.1). */
export const outcomeOfSmtp = (error: SmtpError): SendOutcome => {
  const { code, command, responseCode: status } = error;
  const found = reasons[code] ?? 'network';
  const reason = found === 'network' && tlsWords.test(error.message) ? 'tls' : found;
  if (status === undefined || status < 400) {
    // A user without a password, or a server that offers no sign-in.
    if (reason === 'refused')
      return {
        kind: 'permanent',
        reason,
        of: 'channel',
        detail: `${stepOf(error)} is not possible (${code})`,
      };
    const cause = codeIn.exec(error.message)?.[1] ?? code;
    // Before the message was sent nothing can have arrived.
    const detail = explainFailure({ error: cause });
    return { kind: 'retry', reason, detail, waitMs: 0, uncertain: command === 'DATA' };
  }
  const detail = `SMTP ${status} to ${stepOf(error)}`;
  if (status < 500) return { kind: 'retry', reason: 'server', detail, waitMs: 0 };
  return { kind: 'permanent', reason: 'refused', of: command === 'DATA' ? 'message' : 'channel', detail };
};
