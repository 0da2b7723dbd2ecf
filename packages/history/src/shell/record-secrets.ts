import { cleanTexts, createCleaner, formsOf, jsonIn } from '@sentinel/heartbeat-core';
import type { Tables } from './tables.ts';

/** What is text for people, by itself or in JSON. */
const columns = [
  ['beats', 'status'],
  ['stalls', 'mark'],
  ['incidents', 'reason'],
  ['incident_notes', 'text'],
  ['orders', 'by'],
  ['orders', 'result'],
  ['orders', 'args'],
  ['channels', 'dead_reason'],
  ['channels', 'last_failure'],
  ['alerts', 'body'],
  ['state', 'value'],
] as const;

/** Texts within JSON: what a secret is replaced by could break its form. */
const inJson: ReadonlySet<string> = new Set(['args', 'body', 'value']);

/** What processes and files are found again by: a word less, and the bot would be another one. Nobody is shown it. */
const isText = "key NOT LIKE 'process:%' AND key NOT LIKE 'group:%' AND key NOT LIKE 'file:%'";

/** Shorter ones are not looked for in any text. */
const least = 4;

/**
 * Strikes secrets out of what is kept: a version that did not know them yet wrote the texts as they came, and whoever reads
 * the journal now need not know them.
 *
 * @returns in how many texts they stood.
 */
export const strikeSecrets = (tables: Tables, secrets: readonly string[]): number => {
  const forms = [...new Set(secrets.flatMap(formsOf))].filter((form) => form.length >= least);
  if (forms.length === 0) return 0;
  const clean = createCleaner(secrets);
  const cleanJson = (text: string) => JSON.stringify(cleanTexts(jsonIn(text), clean) ?? null);
  let count = 0;
  for (const [table, column] of columns) {
    const stands = forms.map(() => `instr("${column}", ?)`).join(' OR ');
    const rows = tables.all(
      `SELECT rowid AS id, "${column}" AS text FROM ${table} WHERE (${stands})${table === 'state' ? ` AND ${isText}` : ''}`,
      ...forms,
    );
    const update = `UPDATE ${table} SET "${column}" = ? WHERE rowid = ?`;
    for (const { id = null, text } of rows)
      tables.run(update, inJson.has(column) ? cleanJson(String(text)) : clean(String(text)), id);
    count += rows.length;
  }
  return count;
};
