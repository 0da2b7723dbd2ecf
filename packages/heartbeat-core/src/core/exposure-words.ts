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
export const isFlat = ({ positions, more = 0, orders = 0 }: Exposure): boolean =>
  !positions.some(isOpen) && more === 0 && orders === 0;

/** The same with so many positions at most, those first that are most at stake: the other open ones are counted. */
export const listed = (exposure: Exposure, mostListed: number): Exposure => {
  if (exposure.positions.length <= mostListed) return exposure;
  const bare = new Set(withoutStop(exposure));
  const weight = (position: Position) => Number(isOpen(position)) + Number(bare.has(position));
  const sorted = exposure.positions.toSorted((one, other) => weight(other) - weight(one));
  const cut = sorted.slice(mostListed).filter(isOpen).length;
  return { ...exposure, positions: sorted.slice(0, mostListed), more: (exposure.more ?? 0) + cut };
};

/** More than this are counted. */
const most = 5;

/**
 * What is at stake, in one line; `null`: nothing.
 *
 * @example
 * explainExposure({ positions: [{ symbol: 'MCL', side: 'long', quantity: 2, stop: false }] }); // '2 MCL long, no resting stop'
 */
export const explainExposure = (exposure: Exposure): string | null => {
  const { positions, more = 0, orders = 0, pnlDay, currency } = exposure;
  if (isFlat(exposure)) return null;
  const open = positions.filter(isOpen);
  const shown = open.slice(0, most).map(inWords);
  const others = Math.max(0, open.length - most) + more;
  if (others > 0) shown.push(`${others} more`);
  const bare = withoutStop(exposure).length;
  const parts = [shown.join(' and ')];
  if (bare > 0)
    parts.push(
      bare === open.length && more === 0
        ? 'no resting stop'
        : // Of those that are not listed nobody knows.
          `${more > 0 ? 'at least ' : ''}${bare} of them without a resting stop`,
    );
  if (orders > 0) parts.push(`${orders} ${orders === 1 ? 'order' : 'orders'} at the broker`);
  if (pnlDay !== undefined)
    parts.push(`${pnlDay < 0 ? '' : '+'}${pnlDay}${currency === undefined ? '' : ` ${currency}`} today`);
  return parts.filter((part) => part !== '').join(', ');
};
