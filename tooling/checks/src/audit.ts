// Asks the registry whether a version in the lock file has a known vulnerability that is high or critical.
import { pnpmCommand } from './pnpm-command.ts';
import { runForText, type Text } from './run-for-text.ts';

/** EX_TEMPFAIL: nobody could be asked, which is neither a pass nor a failure. */
export const notAsked = 75;

type Advisory = {
  readonly module_name: string;
  readonly severity: string;
  readonly title: string;
  readonly url: string;
  readonly findings?: readonly { readonly version: string }[];
};
type Report = {
  readonly advisories?: Readonly<Record<string, Advisory>>;
  readonly metadata?: { readonly totalDependencies?: number };
  /** Some versions of pnpm complain here, others on stderr. */
  readonly error?: { readonly message?: string };
};

export type Verdict = { readonly code: 0 | 1 | typeof notAsked; readonly lines: readonly string[] };

const reportIn = (text: string): Report | null => {
  try {
    return JSON.parse(text) as Report;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
};

/** What a registry's answer, as `pnpm audit --json` prints it, means. Without an answer nothing is known. */
export const auditVerdict = ({ text, complaint }: Text): Verdict => {
  const { advisories, metadata, error } = reportIn(text) ?? {};
  if (advisories === undefined || (metadata?.totalDependencies ?? 0) === 0) {
    const why = String(error?.message ?? complaint)
      .replace(/[\s│×]+/g, ' ')
      .trim()
      .slice(0, 300);
    return {
      code: notAsked,
      lines: [`not asked: the registry did not answer (${why || 'it said nothing'})`],
    };
  }
  const bad = Object.values(advisories).filter(({ severity }) => /^(high|critical)$/.test(severity));
  const lines = bad.map(
    ({ module_name: name, severity, title, url, findings = [] }) =>
      `${name} ${[...new Set(findings.map(({ version }) => version))].join(', ')} (${severity}): ${title}, ${url}`,
  );
  return { code: bad.length > 0 ? 1 : 0, lines };
};

/** Asks the registry that pnpm is set to. */
export const audit = (env = process.env): Verdict =>
  auditVerdict(runForText(pnpmCommand(['audit', '--json', '--audit-level', 'high']), env));

if (import.meta.main) {
  const { code, lines } = audit();
  for (const line of lines) console.error(line);
  process.exitCode = code;
}
