import { type Dialect, type HttpAnswer, outcomeOf, type SendOutcome, saidIn } from '@sentinel/notify';

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
  return { ...outcome, detail: `${outcome.detail}${inItsWords(saidIn(answer)?.[field], secrets)}` };
};
