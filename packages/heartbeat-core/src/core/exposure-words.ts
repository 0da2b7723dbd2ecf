import type { Exposure, Position } from './beat-facts.ts';

const isOpen = ({ quantity }: Position): boolean => quantity !== 0;

const inWords = ({ symbol, side, quantity }: Position): string => `${Math.abs(quantity)} ${symbol} ${side}`;

/** Positions that no resting stop protects, as far as the bot says. */
export const withoutStop = ({ positions }: Exposure): readonly Position[] =>
  positions.filter((position) => isOpen(position) && position.stop === false);

/**
 * Whether nothing is at stake, by the bot's own word: no position, and no order that may become one.
 *
 * @example
 * isFlat({ positions: [], orders: 0 }); // true
 */
export const isFlat = ({ positions, orders = 0 }: Exposure): boolean =>
  !positions.some(isOpen) && orders === 0;

/** More than this are counted. */
const most = 5;

/**
 * What is at stake, in one line; `null`: nothing.
 *
 * @example
 * explainExposure({ positions: [{ symbol: 'MCL', side: 'long', quantity: 2, stop: false }] }); // '2 MCL long, no resting stop'
 */
export const explainExposure = (exposure: Exposure): string | null => {
  const { positions, orders = 0, pnlDay, currency } = exposure;
  if (isFlat(exposure)) return null;
  const open = positions.filter(isOpen);
  const shown = open.slice(0, most).map(inWords);
  if (open.length > most) shown.push(`${open.length - most} more`);
  const bare = withoutStop(exposure).length;
  const parts = [shown.join(' and ')];
  if (bare > 0)
    parts.push(bare === open.length ? 'no resting stop' : `${bare} of them without a resting stop`);
  if (orders > 0) parts.push(`${orders} ${orders === 1 ? 'order' : 'orders'} at the broker`);
  if (pnlDay !== undefined)
    parts.push(`${pnlDay < 0 ? '' : '+'}${pnlDay}${currency === undefined ? '' : ` ${currency}`} today`);
  return parts.filter((part) => part !== '').join(', ');
};
