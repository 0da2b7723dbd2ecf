/** Behind an error: it says that there is none, `errors: 0`, `error=none`, and not `error: no connection`. */
const none = String.raw`(?!(?:\s\w+)?\s*[:=]\s*(?:0\b|(?:none|no|false|null)\b(?!\s+\w+(?!\w*\s*[:=]))))`;
/** Before an error: `no error so far`, `0 login errors`. */
const noneOf = String.raw`(?<!\b(?:no|0|zero|without|not|never|non)[\s-]+(?:\w+\s+)?)`;
/** Words that say an error wherever they are in a status. */
const badWord = new RegExp(
  String.raw`${noneOf}\b(?:err(?:or(?:ed|s)?)?|fail(?:ed|ing|ure|ures)?|unhealthy|critical|fatal|crash(?:ed|ing)?|exception|panic|aborted|killed|terminated|unauthori[sz]ed|unauthenticated|access denied|timed out)\b${none}`,
  'i',
);
/** What says of the whole bot that it cannot work. */
const cutOff =
  /(?<!\b(?:no|0|zero|without|not|never|non)[\s-]+(?:\w+\s+)?)\b(?:disconnected|offline|(?:logged|signed) (?:out|off)|session (?:has )?(?:expired|lost|closed)|connection (?:lost|closed|refused|reset)|lost connection|no connection|(?:can ?not|unable to) (?:connect|log ?in)|log ?in failed|crashed|panic|traceback|unhandled exception)\b(?!(?:\s\w+)?\s*[:=]\s*(?:0|none|no|false|null)\b)/i;
const notWell =
  /\b(?:not|no longer|isn'?t) (?:ok|well|healthy|running|alive|(?:yet )?connected|(?:yet )?logged (?:in|on)|signed in|authenticated|responding)\b/i;
/** Words that say an error where a status begins with them: further on they may be of a price. */
const badStart =
  /^\W*(?:dead|down|stopped|stuck|stalled|hung|frozen|faulted|exited|broken|nok|degraded|unavailable|unreachable)\b/i;

/** In characters: a status is no longer, and what a stranger writes may be. */
const mostLookedAt = 1000;

/** `LOGIN_FAILED`, `loggedOut` and `logged-out` as words. */
const inWords = (said: string): string =>
  said
    .slice(0, mostLookedAt)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/_/g, ' ')
    .replace(/(?<=\w)-(?=\w)/g, ' ');

/** Whether a text says of the whole bot that it is cut off, as a line of a log may among much that says nothing of it. */
export const isCutOff = (said: string): boolean => {
  const words = inWords(said);
  return cutOff.test(words) || notWell.test(words);
};

/** Whether a status says an error. */
export const isBad = (said: string): boolean => {
  const words = inWords(said);
  return badWord.test(words) || badStart.test(words) || isCutOff(words);
};

/** The level of a log that is an error, in the words of the libraries; pino's are numbers. */
export const isBadLevel = (level: unknown): boolean =>
  level === 50 ||
  level === 60 ||
  (typeof level === 'string' &&
    /^\W*(?:err(?:or)?|crit(?:ical)?|fatal|emerg(?:ency)?|alert|panic)\W*$/i.test(level));
