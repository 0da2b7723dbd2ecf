/** Anything that came over the wire: to be looked at before it is believed. */
export type Json = unknown;

export const asRecord = (value: Json): Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, Json>) : {};

export const asArray = (value: Json): readonly Json[] => (Array.isArray(value) ? value : []);

export const asText = (value: Json): string | null => (typeof value === 'string' ? value : null);

/** The texts of a list; what is none is left out. */
export const asTexts = (value: Json): readonly string[] =>
  asArray(value).flatMap((each) => asText(each) ?? []);

export const asNumber = (value: Json): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

export const asBoolean = (value: Json): boolean => value === true;

/** ISO text or ms since the epoch; `null` where it is neither. */
export const asInstant = (value: Json): number | null => {
  if (typeof value === 'number') return value;
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : at;
};
