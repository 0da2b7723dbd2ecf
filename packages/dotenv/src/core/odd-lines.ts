// Blanks of other kinds (a no-break space that was copied from a page) are part of the name for who reads the file.
const assignment = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=\s*(.*)$/;
/** Of a variable that a program may read. */
const usable = /^\w+$/;
const empty = /^[ \t\f\v]*(?:#.*)?$/;

const quoted = /^["'`]/;

/** In which line a value ends that begins with this text, in quotes or not, and what stands behind; `null`: nothing closes its quote. */
const endOf = (
  value: string,
  lines: readonly string[],
  at: number,
): { at: number; behind: string } | null => {
  const [quote = ''] = quoted.exec(value) ?? [];
  if (quote === '') return { at, behind: '' };
  const close = value.indexOf(quote, 1);
  if (close > 0) return { at, behind: value.slice(close + 1) };
  const end = lines.findIndex((line, index) => index > at && line.includes(quote));
  const last = lines[end] ?? '';
  return end === -1 ? null : { at: end, behind: last.slice(last.indexOf(quote) + 1) };
};

/** What is odd about a line: whoever wrote it believes that it holds as it stands. */
export type Oddity =
  /** It sets nothing and is no comment: `SLACK_WEBHOOK_URL: https://...`, what a merge left behind. */
  | 'ignored'
  /** A value without quotes ends before a `#`, as in a password. */
  | 'cut'
  /** Its quote is closed nowhere, and part of the value. */
  | 'open'
  /** Behind its closing quote stands more, which is dropped. */
  | 'more'
  /** It names what a line above has set: only the last one counts. */
  | 'twice';

/** The numbers of the lines that do not hold as they stand. */
export const oddLines = (text: string): Readonly<Record<Oddity, readonly number[]>> => {
  const lines = text.split(/\r\n?|\n/);
  const odd: Record<Oddity, number[]> = { ignored: [], cut: [], open: [], more: [], twice: [] };
  const names = new Set<string>();
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, name = '', value] = assignment.exec(line) ?? [];
    if (value === undefined) {
      if (!empty.test(line)) odd.ignored.push(at + 1);
      continue;
    }
    if (names.has(name)) odd.twice.push(at + 1);
    names.add(name);
    if (!usable.test(name)) odd.ignored.push(at + 1);
    const end = endOf(value, lines, at);
    if (end === null) odd.open.push(at + 1);
    else if (!empty.test(end.behind)) odd.more.push(end.at + 1);
    else if (!quoted.test(value) && /^#|\S#/.test(value)) odd.cut.push(at + 1);
    at = end?.at ?? at;
  }
  return odd;
};
