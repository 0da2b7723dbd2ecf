const most = 10;

/**
 * The first of many, in a line that a person can read.
 *
 * @example
 * few(['alpha', 'beta']); // 'alpha, beta'
 */
export const few = (texts: readonly string[]): string =>
  texts.length <= most
    ? texts.join(', ')
    : `${texts.slice(0, most).join(', ')} and ${texts.length - most} more`;
