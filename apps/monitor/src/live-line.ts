import { styleText } from 'node:util';
import { asClock } from '@sentinel/heartbeat-core';
import { type BotView, isInTrouble, worstOf } from '@sentinel/monitor';

const colors = {
  healthy: 'green',
  degraded: 'yellow',
  halted: 'yellow',
  stopped: 'yellow',
  stuck: 'red',
  stale: 'red',
  down: 'red',
  unknown: 'red',
} as const satisfies Record<BotView['state'], string>;

const deadlineOf = ({ state, staleInMs, ageMs }: BotView): string | null => {
  if (state === 'stopped' || staleInMs === null || ageMs === null) return null;
  return staleInMs > 0 ? `stale in ${asClock(staleInMs)}` : `overdue by ${asClock(-staleInMs)}`;
};

/** What there is to know of one bot, the most important first. */
const factsOf = (view: BotView, now: number): string[] => {
  const { phase, ageMs, restartsLeft, incidentSince, pausedUntil, closed } = view;
  const facts = [
    pausedUntil === null ? null : `paused for ${asClock(pausedUntil - now)}`,
    closed ? 'market closed' : null,
    phase === 'up' || phase === view.state || phase === 'down' ? null : phase,
    incidentSince === null ? null : `down for ${asClock(now - incidentSince)}`,
    ageMs === null ? 'no beat' : `beat ${asClock(ageMs)} old`,
    deadlineOf(view),
    restartsLeft === null ? null : `${restartsLeft} restart${restartsLeft === 1 ? '' : 's'} left`,
  ];
  return facts.filter((fact) => fact !== null);
};

/** The line that a person watches: the worst bot, and where there are several how many they are. */
export const liveLine = (
  views: readonly BotView[],
  { now, columns, color }: { readonly now: number; readonly columns: number; readonly color: boolean },
): string => {
  const worst = worstOf(views);
  if (worst === undefined) return '';
  const troubled = views.filter(isInTrouble).length;
  const count = views.length === 1 ? '' : `${views.length} bots, ${troubled} in trouble · `;
  const head = `${count}${worst.name} `;
  const rest = ` · ${factsOf(worst, now).join(' · ')}`;
  const plain = `${head}${worst.state}${rest}`;
  // Cut before it is coloured: a line that wraps could not be taken back.
  const room = Math.max(0, columns - 1);
  if (room === 0) return '';
  if (plain.length > room) return `${plain.slice(0, Math.max(0, room - 1))}…`;
  return color
    ? `${head}${styleText(colors[worst.state], worst.state, { validateStream: false })}${rest}`
    : plain;
};
