import { formsOf } from '@sentinel/heartbeat-core';

// Anything shorter would also strike words of ordinary text, and is no secret worth the name.
const shortest = 4;
const slackPath = /(hooks\.slack\.com\/[a-z]+\/)[^\s"'<>)]+/gi;

/** Strikes every one of `secrets`, and any Slack webhook, out of a text, also as others write them. */
export const createRedactor = (secrets: readonly (string | undefined)[]): ((text: string) => string) => {
  const known = secrets
    .filter((secret): secret is string => secret !== undefined && secret.length >= shortest)
    .flatMap(formsOf);
  const longestFirst = [...new Set(known)].sort((a, b) => b.length - a.length);
  return (text) =>
    longestFirst
      .reduce((left, secret) => left.replaceAll(secret, '[secret]'), text)
      .replace(slackPath, '$1[secret]');
};

/** The same value with every string in it redacted, but for those under the names `except`. */
export const redactStrings = <T>(
  value: T,
  redact: (text: string) => string,
  except: readonly string[] = [],
): T => {
  const clean = (given: unknown): unknown => {
    if (typeof given === 'string') return redact(given);
    if (Array.isArray(given)) return given.map(clean);
    if (given === null || typeof given !== 'object') return given;
    const entries = Object.entries(given).map(([name, inner]) => [
      name,
      except.includes(name) ? inner : clean(inner),
    ]);
    return Object.fromEntries(entries);
  };
  return clean(value) as T;
};
