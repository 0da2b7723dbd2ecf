// Blanks of other kinds (a no-break space that was copied from a page) are part of the name for who reads the file.
const assignment = /^[ \t]*(?:export[ \t]+)?[A-Za-z_][\w.-]*[ \t]*=\s*(.*)$/;
const empty = /^[ \t\f\v]*(?:#.*)?$/;

/** In which line a value ends that begins with this text, in quotes or not. */
const endOf = (value: string, lines: readonly string[], at: number): number => {
  const quote = value[0];
  if (quote !== '"' && quote !== "'" && quote !== '`') return at;
  if (value.indexOf(quote, 1) > 0) return at;
  const end = lines.findIndex((line, index) => index > at && line.includes(quote));
  // A quote that nothing closes is part of the value.
  return end === -1 ? at : end;
};

/**
 * The numbers of the lines that set nothing and are no comment: `SLACK_WEBHOOK_URL: https://...`, what a merge left behind. They are
 * ignored, and whoever wrote them believes that they hold.
 */
export const strayLines = (text: string): readonly number[] => {
  const lines = text.split(/\r\n?|\n/);
  const stray: number[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, value] = assignment.exec(line) ?? [];
    if (value !== undefined) at = endOf(value, lines, at);
    else if (!empty.test(line)) stray.push(at + 1);
  }
  return stray;
};
