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

/** One of the five at the beginning, however often, with what people put behind it: a colon, spaces, U+FE0F or U+FE0E. */
const marks = Object.values(indicators).map(({ emoji, tag }) => {
  const mark = `(?:${emoji}|${tag.replace(/[[\]]/g, '\\$&')})[\\uFE0E\\uFE0F]?`;
  return { emoji, first: new RegExp(`^${mark}`, 'iu'), every: new RegExp(`^(?:${mark}[\\s:]*)+`, 'iu') };
});

/** What is left of an emoji that was cut in two: it is not seen, and would hide the indicator behind it. */
const unseen = /^[\uFE0E\uFE0F\u200D]+\s*/u;

/** A status in its two parts. */
type IndicatedStatus = {
  /** The emoji as written, or the emoji that a plain-text tag stands for; `null` when the status has none. */
  readonly indicator: string | null;
  readonly message: string;
};

/**
 * Splits `✅ Login successful` (or `[OK] Login successful`) into indicator and message. A status that begins with one of
 * the five has it, whatever follows: `❌Login failed`, `❌❌ Login failed` and `[ERROR]: Login failed` are errors.
 *
 * @example
 * splitIndicator('[WAIT] Login attempt'); // { indicator: '⏳', message: 'Login attempt' }
 */
export const splitIndicator = (given: string): IndicatedStatus => {
  const status = given.replace(unseen, '');
  for (const { emoji, first, every } of marks)
    if (first.test(status)) {
      // Where nothing else is said, a second mark is the message.
      const message = status.replace(every, '') || status.replace(first, '');
      return { indicator: emoji, message: message.trim() };
    }
  const match = leadingEmoji.exec(status);
  return match?.[1] === undefined
    ? { indicator: null, message: status }
    : { indicator: match[1], message: status.slice(match[0].length).trim() };
};
