// Blanks of other kinds (a no-break space that was copied from a page) are part of the name for who reads the file.
const assignment = /^[ \t]*(?:export[ \t]+)?[A-Za-z_][\w.-]*[ \t]*=\s*(.*)$/;
const empty = /^[ \t\f\v]*(?:#.*)?$/;

const quoted = /^["'`]/;

/** In which line a value ends that begins with this text, in quotes or not; `null`: a quote that nothing closes. */
const endOf = (value: string, lines: readonly string[], at: number): number | null => {
  const [quote = ''] = quoted.exec(value) ?? [];
  if (quote === '' || value.indexOf(quote, 1) > 0) return at;
  const end = lines.findIndex((line, index) => index > at && line.includes(quote));
  return end === -1 ? null : end;
};

/** What is odd about a line: whoever wrote it believes that it holds as it stands. */
export type Oddity =
  /** It sets nothing and is no comment: `SLACK_WEBHOOK_URL: https://...`, what a merge left behind. */
  | 'ignored'
  /** A value without quotes ends before a `#`, as in a password. */
  | 'cut'
  /** Its quote is closed nowhere, and part of the value. */
  | 'open';

/** The numbers of the lines that do not hold as they stand. */
export const oddLines = (text: string): Readonly<Record<Oddity, readonly number[]>> => {
  const lines = text.split(/\r\n?|\n/);
  const odd: Record<Oddity, number[]> = { ignored: [], cut: [], open: [] };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, value] = assignment.exec(line) ?? [];
    if (value === undefined) {
      if (!empty.test(line)) odd.ignored.push(at + 1);
      continue;
    }
    const end = endOf(value, lines, at);
    if (end === null) odd.open.push(at + 1);
    else if (!quoted.test(value) && /^#|\S#/.test(value)) odd.cut.push(at + 1);
    at = end ?? at;
  }
  return odd;
};
