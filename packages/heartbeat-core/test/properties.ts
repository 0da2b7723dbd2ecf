import fc from 'fast-check';
import {
  cleanStatus,
  defaultHealthPolicy,
  formatStatusFile,
  judge,
  oneLine,
  parseStatusFile,
  type Reading,
  splitIndicator,
} from '../src/index.ts';
import { claimsHealthyRightly } from './oracle.ts';

/** The moment at which all generated files are read. */
export const now = Date.UTC(2026, 4, 6, 12, 0, 0);

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const wild = fc.constantFrom(
  '✅ ',
  '❌ ',
  '[OK] ',
  '[WAIT]',
  '🔑 ',
  '👨‍💻 ',
  '⚠️ ',
  '\uFEFF',
  '\r\n',
  '\u2028',
  '\uD83D',
);
const status = fc
  .tuple(wild, anyText)
  .map((parts) => parts.join(''))
  .filter((text) => splitIndicator(cleanStatus(text)).message !== '');
const instant = fc.integer({ min: Date.UTC(1971, 0), max: Date.UTC(2199, 0) });
/** As a reader gives it: what could steer a terminal is gone. */
const shown = anyText.map(oneLine);
const progress = fc.oneof(shown, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const whole = fc.nat({ max: Number.MAX_SAFE_INTEGER });

/** Records as a writer makes them. */
const record = fc
  .record({
    status,
    updatedAt: instant,
    sessionActive: fc.boolean(),
    stopped: fc.boolean(),
    startedAt: optional(instant),
    pid: optional(fc.integer({ min: 1, max: 4_194_304 })),
    host: optional(shown),
    instance: optional(shown),
    seq: optional(whole),
    source: optional(shown),
    progress: optional(progress),
  })
  .map(({ status: given, ...rest }) => {
    const { indicator, message } = splitIndicator(cleanStatus(given));
    const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    return {
      ...(known as Omit<typeof rest, never>),
      status: indicator === null ? message : `${indicator} ${message}`,
      indicator,
      message,
      timestamp: new Date(rest.updatedAt).toISOString().replace('Z', '456Z'),
    };
  });

// JSON knows no -0 and no lone surrogates' bytes: both sides are compared as the file can hold them.
const plain = (value: unknown) => JSON.stringify(value, Object.keys(value as object).sort());

const identity = fc.property(record, (written) => {
  const reading = parseStatusFile(formatStatusFile(written as never));
  if (reading.kind !== 'beat') throw new Error(`not a beat: ${JSON.stringify(reading.problem)}`);
  if (plain(reading.record) !== plain(written))
    throw new Error(`${plain(reading.record)} is not ${plain(written)}`);
});

const fragment = fc.constantFrom(
  '✅ On\n',
  '[OK] Login successful\r\n',
  '2026-05-06T11:59:30.000001',
  '2026-05-06T11:59:30Z',
  '2026-05-06T13:59:30+02:00',
  '2099-01-01T00:00:00',
  '2026-02-30T00:00:00',
  '\n',
  '\r',
  '{"session_active": true}',
  '{"session_active": "true"}',
  '{"session_active": true, "updated_at": "2026-05-06T11:59:59.000Z"}',
  '{"session_active": true, "updated_at": "2026-05-06T11:59:59"}',
  '{"__proto__": {"session_active": true}}',
  '{"session_active": true, "pid": "x"}',
  '{"constructor": {"prototype": {}}, "session_active": false}',
  '[]',
  'null',
  '\0',
  '\uFEFF',
);
const pieces = fc.array(
  fc.oneof({ weight: 6, arbitrary: fragment }, fc.string({ unit: 'binary', maxLength: 6 })),
  {
    maxLength: 7,
  },
);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 80 }).map((array) => Buffer.from(array)),
  pieces.map((parts) => Buffer.from(parts.join(''))),
  fc.tuple(pieces, fc.nat(200), fc.nat(255)).map(([parts, at, byte]) => {
    const text = Buffer.from(parts.join(''));
    if (text.length > 0) text[at % text.length] = byte;
    return text;
  }),
  fc
    .nat(90)
    .map((length) =>
      Buffer.from('✅ On\n2026-05-06T11:59:30Z\n{"session_active": true}\n').subarray(0, length),
    ),
);

const decode = (content: Buffer): Reading => {
  try {
    return parseStatusFile(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'corrupt', problem: { code: 'not-utf8' } };
    throw error;
  }
};

/** How many of a sample of the generated files are healthy: a property of none would prove nothing. */
export const healthyOf = (files: number): number =>
  fc
    .sample(bytes, { numRuns: files, seed: 1 })
    .filter((content) => judge(decode(content), null, defaultHealthPolicy, null, now).state === 'healthy')
    .length;

const neverFalseHealthy = fc.property(bytes, (content) => {
  const health = judge(decode(content), null, defaultHealthPolicy, null, now);
  if (health.state === 'healthy' && !claimsHealthyRightly(content, now))
    throw new Error(`called healthy: ${JSON.stringify(content.toString('latin1'))}`);
});

const policy = fc.record({
  maxAgeMs: fc.integer({ min: 1, max: 10_000_000 }),
  maxStallMs: fc.constant(null),
  futureToleranceMs: fc.integer({ min: 0, max: 100_000 }),
});

// With age: fresh (healthy, degraded), then stale, and never back.
const monotone = fc.property(
  instant,
  fc.boolean(),
  policy,
  fc.nat(20_000_000),
  fc.nat(20_000_000),
  (updatedAt, error, rules, a, b) => {
    const beat: Reading = {
      kind: 'beat',
      record: {
        status: error ? '❌ x' : '✅ x',
        indicator: error ? '❌' : '✅',
        message: 'x',
        timestamp: '',
        updatedAt,
        sessionActive: true,
        stopped: false,
      },
    };
    const rank = (at: number) => (judge(beat, null, rules, null, at).state === 'stale' ? 1 : 0);
    if (rank(updatedAt + Math.min(a, b)) > rank(updatedAt + Math.max(a, b)))
      throw new Error('younger is worse');
    const deadline = updatedAt + (judge(beat, null, rules, null, updatedAt).staleInMs ?? 0);
    if (rank(deadline - 1) !== 0 || rank(deadline) !== 1) throw new Error('not stale at the deadline');
  },
);

/** What must hold for every file, with its share of the generated cases. */
export const properties = {
  'format then parse is the identity': {
    run: (numRuns: number) => fc.assert(identity, { numRuns }),
    share: 0.3,
  },
  'no bytes are healthy but a well-formed fresh file': {
    run: (numRuns: number) => fc.assert(neverFalseHealthy, { numRuns }),
    share: 0.5,
  },
  'health only gets worse with age, and is stale at the deadline': {
    run: (numRuns: number) => fc.assert(monotone, { numRuns }),
    share: 0.2,
  },
};
