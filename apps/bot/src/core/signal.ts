import { z } from 'zod';

const instant = z.union([z.number(), z.string()]).transform((given, context) => {
  // Python's time.time() gives seconds, JavaScript's Date.now() milliseconds: only one of them is in this century.
  const at = typeof given === 'number' ? (given < 1e11 ? given * 1000 : given) : Date.parse(given);
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: 'expected an ISO 8601 time or seconds since 1970' });
  return z.NEVER;
});

/** A trading signal as a source delivers it. Prices are in the instrument's currency, `timestamp` becomes ms. */
const signalSchema = z.object({
  id: z.union([z.string().trim().min(1).max(100), z.number().transform(String)]).optional(),
  symbol: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z0-9.]{1,12}$/),
  direction: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(['buy', 'sell'])),
  quantity: z.int().positive(),
  tp: z.number().positive(),
  sl: z.number().positive(),
  timestamp: instant.optional(),
});

export type Signal = z.output<typeof signalSchema>;

export type ParsedSignal =
  | { readonly ok: true; readonly signal: Signal }
  | { readonly ok: false; readonly problem: string };

/** One entry of a source. What is wrong is said in one line, without the values: a source may carry secrets. */
export const parseSignal = (entry: unknown): ParsedSignal => {
  const parsed = signalSchema.safeParse(entry);
  if (parsed.success) return { ok: true, signal: parsed.data };
  const problem = parsed.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.') || 'signal'}: ${message}`)
    .join('; ');
  return { ok: false, problem };
};

/** What of an entry makes it a signal. The rest may be anything, and nest deeper than can be written down. */
export const signalPart = (entry: unknown): Readonly<Record<string, unknown>> => {
  const given = entry as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(signalSchema.shape).map((key) => [key, given[key]]));
};

/** A source's document: one signal, a list of them, or `{ "signals": [...] }`. */
export const entriesOf = (document: unknown): readonly unknown[] => {
  if (Array.isArray(document)) return document;
  if (document === null || typeof document !== 'object') return [document];
  const { signals } = document as { signals?: unknown };
  return Array.isArray(signals) ? signals : [document];
};
