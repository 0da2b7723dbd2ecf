/** Shorter parts and forms stand in texts by chance. */
const least = 8;

/** As RFC 3986 has it: these five are left alone by `encodeURIComponent`. */
const strictly = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
const lower = (encoded: string): string => encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());

/** What base64 makes of these bytes wherever they stand in a longer text: with 0, 1 or 2 bytes before them. */
const inBase64 = (text: string): string[] => {
  const bytes = [...new TextEncoder().encode(text)];
  return [0, 1, 2].flatMap((before) => {
    const encoded = btoa(String.fromCharCode(...Array<number>(before).fill(0), ...bytes));
    // Characters that also depend on what stands before or behind it are no part of it, unless it is the end.
    const own = encoded.slice(before === 0 ? 0 : before + 1, Math.floor(((before + bytes.length) * 8) / 6));
    const last = encoded.slice(before === 0 ? 0 : before + 1);
    const forms = new Set([own, last.replace(/=+$/, ''), last]);
    return own.length < least
      ? []
      : [...forms].flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
  });
};

/** Longer ones are files: nobody prints them as one. */
const longestInBase64 = 1024;

/**
 * A secret as others write it: within a URL, within JSON, in base64, and line by line where it has several (a key in PEM,
 * say).
 */
export const formsOf = (secret: string): string[] => {
  const whole = secret.toWellFormed();
  const lines = whole
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= least && !line.startsWith('-----'));
  const parts = lines.length > 1 ? [whole, ...lines] : [whole];
  return parts.flatMap((part) => {
    const inUrl = [encodeURIComponent(part), strictly(part)];
    // A form has a plus for a blank.
    const encoded = [...inUrl, ...inUrl.map((text) => text.replaceAll('%20', '+'))];
    const short = part.length >= least && part.length <= longestInBase64;
    return [
      part,
      JSON.stringify(part).slice(1, -1),
      ...encoded,
      ...encoded.map(lower),
      ...(short ? inBase64(part) : []),
    ];
  });
};
