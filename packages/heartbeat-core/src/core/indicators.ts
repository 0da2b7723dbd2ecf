/**
 * The five indicators, with the plain-text tags that stand for them where a console cannot print emoji.
 *
 * @example
 * warn(`${indicators.error.tag} Login failed`); // [ERROR] Login failed
 */
export const indicators = {
  ok: { emoji: '✅', tag: '[OK]' },
  wait: { emoji: '⏳', tag: '[WAIT]' },
  error: { emoji: '❌', tag: '[ERROR]' },
  restart: { emoji: '🔄', tag: '[RESTART]' },
  unknown: { emoji: '❓', tag: '[UNKNOWN]' },
} as const;

/** `ok`, `wait`, `error`, `restart` or `unknown`. */
export type IndicatorName = keyof typeof indicators;

const leadingEmoji =
  /^(\p{Extended_Pictographic}\uFE0F?(?:\u200D\p{Extended_Pictographic}\uFE0F?)*)(?:\s+|$)/u;

const all = Object.values(indicators);

/** A status in its two parts. */
export type IndicatedStatus = {
  /** The emoji as written, or the emoji that a plain-text tag stands for; `null` when the status has none. */
  readonly indicator: string | null;
  readonly message: string;
};

/**
 * Splits `✅ Login successful` (or `[OK] Login successful`) into indicator and message.
 *
 * @example
 * splitIndicator('[WAIT] Login attempt'); // { indicator: '⏳', message: 'Login attempt' }
 */
export const splitIndicator = (status: string): IndicatedStatus => {
  if (status.startsWith('['))
    for (const { emoji, tag } of all)
      if (status.startsWith(tag)) return { indicator: emoji, message: status.slice(tag.length).trim() };
  const match = leadingEmoji.exec(status);
  return match?.[1] === undefined
    ? { indicator: null, message: status }
    : { indicator: match[1], message: status.slice(match[0].length).trim() };
};
