import { parseJson } from '@sentinel/heartbeat-core';
import { parseReport } from './parse-report.ts';
import type { HostReport } from './report.ts';

/** What an address gave when it was asked. `sentinel`: an API of Sentinel is there, but hands out no report. */
export type Answer =
  | { readonly kind: 'report'; readonly report: HostReport }
  | { readonly kind: 'sentinel'; readonly why: string }
  | { readonly kind: 'nothing'; readonly why: string };

export type HttpReply = { readonly status: number; readonly type: string; readonly body: string };

const documentOf = (body: string): unknown => {
  try {
    return parseJson(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
};

/** Whether the answer is in the words of Sentinel's API: a proxy before a dead host has other ones. */
const isOurs = (type: string, document: unknown): boolean =>
  /^application\/(health|problem)\+json/.test(type) && typeof document === 'object' && document !== null;

const whyNot = (status: number): string => {
  if (status === 401 || status === 403) return `its API does not accept the token (HTTP ${status})`;
  if (status === 429) return 'its API refuses to be asked so often (HTTP 429)';
  if (status === 200 || status === 503)
    return 'its API answers without a report: does its monitor work, has it `peers` in the config file, and is the token right?';
  return `its API answers HTTP ${status}`;
};

/** Takes the answer of `GET /api/heartbeat/health` apart. */
export const parseAnswer = ({ status, type, body }: HttpReply): Answer => {
  const document = documentOf(body);
  if (!isOurs(type, document))
    return { kind: 'nothing', why: `HTTP ${status} comes from something that is no API of Sentinel` };
  const report = parseReport((document as { readonly fleet?: unknown }).fleet);
  return report === null ? { kind: 'sentinel', why: whyNot(status) } : { kind: 'report', report };
};
