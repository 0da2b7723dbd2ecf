/** The forms that are taken, put into the one that `Date.parse` knows; to the second, and NaN for what is no time. */
const instantOf = (stamp: string): number => {
  const form = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,]\d{1,9})?(?:([Zz])|\s*([+-]\d\d):?(\d\d)?)?$/;
  const [, day, time, utc, hours, minutes = '00'] = form.exec(stamp) ?? [];
  const offset = hours === undefined ? '' : `${hours}:${minutes}`;
  return Date.parse(`${day}T${time}${utc === undefined ? offset : 'Z'}`);
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
  const [status = '', stamp = '', ...rest] = text.replace(/^\uFEFF/, '').split(/\r\n|[\r\n]/);
  let at = instantOf(stamp.trim());
  if (status.trim() === '' || Number.isNaN(at)) return false;
  const json = rest.join('\n').trim();
  if (json !== '') {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const own = Object.getOwnPropertyDescriptors(value) as Record<string, PropertyDescriptor>;
    if (typeof own.session_active?.value !== 'boolean') return false;
    if (typeof own.updated_at?.value === 'string') at = instantOf(own.updated_at.value);
  }
  const ageMs = now - at;
  return ageMs > -61_001 && ageMs < 5 * 60_000 + 1000;
};
