import type { Notification } from '@sentinel/notify';
import type { CommandFacts } from './observation.ts';

const mostLines = 20;
/** In characters: the message has to say more than that, and some services take 4,096 bytes in all. */
const most = 1500;

/** The last lines of a text, whole ones as far as they fit. */
export const lastLines = (text: string): string => {
  const lines = text.trimEnd().split('\n').slice(-mostLines).join('\n');
  if (lines.length <= most) return lines;
  const end = lines.slice(-most).toWellFormed();
  const begins = end.indexOf('\n');
  return begins === -1 ? `…${end}` : end.slice(begins + 1);
};

/**
 * What a bot in the foreground of the restart command printed last. What a command printed that had ended before the last
 * beat is not the bot's.
 */
export const printedBy = (command: CommandFacts | null, beatAt: number | null): string =>
  command === null || (command.endedAt !== null && beatAt !== null && command.endedAt < beatAt)
    ? ''
    : lastLines(command.output);

/** Who hears of an incident for the first time is shown what the bot printed last. */
export const withOutput = (told: Notification, output: () => string): Notification => {
  if (told.kind !== 'unhealthy' && told.kind !== 'escalated') return told;
  const printed = output();
  return printed === '' ? told : { ...told, output: printed };
};
