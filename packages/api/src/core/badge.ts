import { isBad } from '@sentinel/heartbeat-core';
import { z } from 'zod';
import { escapeMarkup } from './markup.ts';
import type { StatusAnswer } from './status-schema.ts';

/** Colours with white text on them at a contrast of 4.5 or more; the word beside says the same. */
const colours = {
  healthy: '#1a7f37',
  degraded: '#8a6100',
  stuck: '#b3261e',
  stale: '#b3261e',
  down: '#b3261e',
  halted: '#8a6100',
  stopped: '#57606a',
  unknown: '#57606a',
} as const satisfies Record<StatusAnswer['health'], string>;

// Verdana's widths at 11 px, near enough: letters that are wide or narrow, and the rest.
const width = (text: string) =>
  [...text].reduce((sum, c) => sum + (/[mwMW@]/.test(c) ? 10.5 : /[iljft.,:;'|! ]/.test(c) ? 4.5 : 7.2), 10);

/** A flat badge: `label | state`. It loads nothing, so it can be shown anywhere. */
export const badgeSvg = (label: string, health: StatusAnswer['health']): string => {
  const shown = [...label].slice(0, 40).join('');
  const [left, right] = [width(shown), width(health)].map(Math.round) as [number, number];
  const all = left + right;
  const text = (x: number, words: string) =>
    `<text x="${x}" y="14" fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${escapeMarkup(words)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${all}" height="20" role="img" aria-label="${escapeMarkup(shown)}: ${health}">`,
    `<title>${escapeMarkup(shown)}: ${health}</title>`,
    `<rect width="${left}" height="20" fill="#3d444d"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="${colours[health]}"/>`,
    text(left / 2, shown),
    text(left + right / 2, health),
    '</svg>',
  ].join('');
};

/** The same for shields.io's endpoint badge. */
export const shieldsAnswer = z
  .object({
    schemaVersion: z.literal(1),
    label: z.string(),
    message: z.string(),
    color: z.string(),
    isError: z.boolean(),
  })
  .meta({ id: 'ShieldsBadge' });

export const shieldsBadge = (
  label: string,
  health: StatusAnswer['health'],
): z.infer<typeof shieldsAnswer> => ({
  schemaVersion: 1,
  label: [...label].slice(0, 40).join(''),
  message: health,
  color: colours[health].slice(1),
  isError: isBad(health),
});
