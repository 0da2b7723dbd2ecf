const hidden = '[redacted]';

/**
 * Where secrets stand in messages of the libraries that bots use. Each keeps the part that helps to find the cause. No
 * pattern may begin again within what it has looked at: a long text would take a time that grows with its square. The first are of `scheme://user:password@host`, and of webhooks: who knows
 * their path may post.
 */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@]+@/gi, `$1${hidden}@`],
  [/\b(https?:\/\/(?=[^\s/]*(?:hooks|webhook|discord))[^\s/]+)\/[^\s"'<>]+/gi, `$1/${hidden}`],
  [/\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:[a-z]+\s+)?)[^\s"',;]+/gi, `$1${hidden}`],
  [/\b((?:bearer|basic)\s+)[a-z0-9._~+/=-]{8,}/gi, `$1${hidden}`],
  [
    /((?:password|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|signature|session[-_]?id|cookie)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s"',;&]+)/gi,
    `$1${hidden}`,
  ],
  [/(?<![\w-])(?=[\w-]+\.[\w-]+\.[\w-])((?:[\w-]*?-)??)eyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g, `$1${hidden}`],
  [/\b(?:xox[a-z]|sk|pk|gh[pousr]|github_pat|glpat)[-_][\w-]{10,}/g, hidden],
];

/** What each of them needs: most texts have none of it, and ten thousand bots send thousands of texts a second. */
const hint =
  /:\/\/|authorization|bearer|basic|pass|pwd|secret|token|key|signature|session|cookie|eyJ|xox|[sp]k[-_]|gh[pousr][-_]|pat[-_]/i;

/** Values under four characters stand in texts by chance. Longer ones first: one may stand in another. */
export const strikable = (secrets: readonly string[]): readonly string[] =>
  secrets.filter(({ length }) => length >= 4).sort((a, b) => b.length - a.length);

/** @param known as {@link strikable} gives them. */
export const strike = (text: string, known: readonly string[]): string => {
  let clean = text;
  for (const secret of known) clean = clean.replaceAll(secret, hidden);
  if (!hint.test(clean)) return clean;
  for (const [pattern, instead] of patterns) clean = clean.replace(pattern, instead);
  return clean;
};

/** Whether a whole value is one of those: a token of a service or a signed one. */
export const hasSecretShape = (value: string): boolean => strike(value, []) === hidden;

/**
 * Takes secrets out of a text: the given values wherever they stand, and what looks like one (passwords in URLs,
 * webhook paths, bearer tokens, `password=...`). A safety net and not a proof: pass the secrets that you know.
 *
 * @param secrets values that must not appear; those under four characters are not looked for.
 * @example
 * redact('login of max failed: password=hunter22'); // 'login of max failed: password=[redacted]'
 */
export const redact = (text: string, secrets: readonly string[] = []): string =>
  strike(text, strikable(secrets));
