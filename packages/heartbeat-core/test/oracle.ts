/** The forms that are taken, put into the one that `Date.parse` knows; to the second, and NaN for what is no time. */
const instantOf = (stamp: string): number => {
  const form = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,]\d{1,9})?(?:([Zz])|\s*([+-]\d\d):?(\d\d)?)?$/;
  const [, day, time, utc, hours, minutes = '00'] = form.exec(stamp) ?? [];
  const offset = hours === undefined ? '' : `${hours}:${minutes}`;
  return Date.parse(`${day}T${time}${utc === undefined ? offset : 'Z'}`);
};

const objectOf = (json: string): Record<string, PropertyDescriptor> | null => {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return Object.getOwnPropertyDescriptors(value) as Record<string, PropertyDescriptor>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
};

/** When a file would have been written whose timestamp stands in this line; NaN where it does not. */
const writtenAt = (lines: readonly string[], line: number): number => {
  const at = instantOf((lines[line] ?? '').trim());
  // First, since what follows costs as much as there are lines.
  if (Number.isNaN(at)) return at;
  const json = lines
    .slice(line + 1)
    .join('\n')
    .trim();
  // A status of several lines is one only where the JSON follows.
  if (json === '') return line === 1 ? at : Number.NaN;
  const own = objectOf(json);
  if (own === null || typeof own.session_active?.value !== 'boolean') return Number.NaN;
  return typeof own.updated_at?.value === 'string' ? instantOf(own.updated_at.value) : at;
};

/**
 * A second opinion on a file that was called healthy: strict UTF-8, a status, a real timestamp, and where there is a
 * third line a JSON object with a boolean flag, dated within the last five minutes and at most one ahead. Written
 * apart from the parser on purpose, and simpler.
 */
export const claimsHealthyRightly = (content: Buffer, now: number): boolean => {
  const text = content.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(content)) return false;
  if (text.includes('\0')) return false;
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|[\r\n]/);
  if ((lines[0] ?? '').trim() === '') return false;
  return lines.some((_, line) => {
    const ageMs = line === 0 ? Number.NaN : now - writtenAt(lines, line);
    return ageMs > -61_001 && ageMs < 5 * 60_000 + 1000;
  });
};
