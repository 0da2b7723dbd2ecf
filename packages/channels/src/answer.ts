import { type Dialect, type HttpAnswer, outcomeOf, type SendOutcome } from '@sentinel/notify';

/** The object that a service answers with; `null`: that is none. */
export const objectIn = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
};

/** A service's own words for a refusal, short and in one line, without what it may repeat of ours. */
const inItsWords = (given: unknown, secrets: readonly string[]): string => {
  const words = Array.isArray(given) ? given.join(', ') : given;
  if (typeof words !== 'string' || words === '') return '';
  const shown = secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), words);
  return `: ${shown.replaceAll(/\s+/g, ' ').slice(0, 120).toWellFormed()}`;
};

/**
 * What comes of an answer, with the service's own words for a refusal.
 *
 * @param field where they are in the object that it answers with.
 * @param secrets what they may repeat of ours.
 */
export const outcomeInItsWords = (
  answer: HttpAnswer,
  dialect: Dialect,
  field: string,
  secrets: readonly string[],
): SendOutcome => {
  const outcome = outcomeOf(answer, dialect);
  if (outcome.kind === 'sent' || 'error' in answer) return outcome;
  return { ...outcome, detail: `${outcome.detail}${inItsWords(objectIn(answer.body)?.[field], secrets)}` };
};
