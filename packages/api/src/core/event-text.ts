/** One server-sent event as text. JSON holds no line break, so one `data:` line carries it. */
export const eventText = (id: string, event: string, data: unknown): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** How soon a browser comes back after the stream broke. */
export const retryText = 'retry: 1000\n\n';

/** A comment: it keeps proxies from closing a quiet stream, and shows a client that the other end still lives. */
export const keepAliveText = ': still here\n\n';
