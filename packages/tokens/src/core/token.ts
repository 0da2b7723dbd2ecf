/** What a token has to be: long enough that nobody guesses it, and made of what a header can carry. */
export const tokenPattern = /^[\x21-\x7e]{8,}$/;

/** The same in words, for the message about a setting. */
export const tokenRule = 'at least 8 visible ASCII characters, without spaces';

/** What an `Authorization` header brings: a bearer token, or `null`. */
export const bearerToken = (header: string | undefined): string | null =>
  /^Bearer +([\x21-\x7e]+) *$/i.exec(header ?? '')?.[1] ?? null;

/** How many wrong tokens of one address are answered before it has to wait. */
export const attemptLimit = { max: 10, timeWindow: 60_000 } as const;
