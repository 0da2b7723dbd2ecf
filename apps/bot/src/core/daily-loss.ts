/** What the closed positions of a day have brought, and what may be lost at most; `null`: as much as it may be. */
type DayLoss = { readonly profitToday: number; readonly maxDailyLoss: number | null };

/** Whether nothing more is traded today. */
export const isLossSpent = ({ profitToday, maxDailyLoss }: DayLoss): boolean =>
  maxDailyLoss !== null && -profitToday >= maxDailyLoss;

/** Why the bot has halted itself until the next day; `null`: it has not. */
export const haltedBy = (given: DayLoss): string | null =>
  isLossSpent(given)
    ? `daily loss limit: ${(-given.profitToday).toFixed(2)} of ${given.maxDailyLoss} lost`
    : null;
