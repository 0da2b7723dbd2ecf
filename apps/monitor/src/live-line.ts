import { styleText } from 'node:util';
import { type BotView, isInTrouble, worstFirst } from '@sentinel/monitor';

const colors = {
  healthy: 'green',
  degraded: 'yellow',
  stopped: 'yellow',
  stuck: 'red',
  stale: 'red',
  down: 'red',
  unknown: 'red',
} as const satisfies Record<BotView['state'], string>;

const two = (value: number) => String(value).padStart(2, '0');

/** `4:05`, `1:00:00`, `3d 04:00:00`. */
export const clockWords = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [day, hour, minute] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (day > 0) return `${day}d ${two(hour)}:${two(minute)}:${two(seconds % 60)}`;
  return hour > 0 ? `${hour}:${two(minute)}:${two(seconds % 60)}` : `${minute}:${two(seconds % 60)}`;
};

const deadlineOf = ({ state, staleInMs, ageMs }: BotView): string | null => {
  if (state === 'stopped' || staleInMs === null || ageMs === null) return null;
  return staleInMs > 0 ? `stale in ${clockWords(staleInMs)}` : `overdue by ${clockWords(-staleInMs)}`;
};

/** What there is to know of one bot, the most important first. */
const factsOf = (view: BotView, now: number): string[] => {
  const { phase, ageMs, restartsLeft, incidentSince, pausedUntil, closed } = view;
  const facts = [
    pausedUntil === null ? null : `paused for ${clockWords(pausedUntil - now)}`,
    closed ? 'market closed' : null,
    phase === 'up' || phase === view.state || phase === 'down' ? null : phase,
    incidentSince === null ? null : `down for ${clockWords(now - incidentSince)}`,
    ageMs === null ? 'no beat' : `beat ${clockWords(ageMs)} old`,
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
  const [worst] = worstFirst(views);
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
