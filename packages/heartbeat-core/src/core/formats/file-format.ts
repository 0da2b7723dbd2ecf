/** What of a JSON document says what: JSON pointers (RFC 6901), such as `/heartbeat/time`. */
export type JsonKeys = {
  readonly time?: string;
  readonly status?: string;
  readonly session?: string;
  readonly progress?: string;
  readonly pid?: string;
  readonly halted?: string;
  readonly needs_person?: string;
  readonly stopped?: string;
};

/**
 * What is in the file that a bot writes.
 *
 * - `sentinel`: the three lines of docs/status-file.md.
 * - `touch`: nothing that counts; the time of the file is the beat.
 * - `epoch`: a number, the seconds (or ms, us, ns) since 1970.
 * - `iso`: an ISO 8601 timestamp.
 * - `json`: a JSON object with a time in it.
 * - `log`: lines that are added; the last one is the status.
 */
export type FileFormat =
  | { readonly kind: 'sentinel' | 'touch' | 'epoch' | 'iso' | 'log' }
  | { readonly kind: 'json'; readonly keys: JsonKeys };

export type FormatName = FileFormat['kind'];

/** Every format by its name, with what a person sees who looks into such a file. */
export const formatWords = {
  sentinel: 'a status, a timestamp and a JSON object',
  touch: 'no content: its time of change is the beat',
  epoch: 'one number, the time since 1970',
  iso: 'one ISO 8601 timestamp',
  json: 'one JSON object with a time in it',
  log: 'lines of a log, the last one is the status',
} as const satisfies Readonly<Record<FormatName, string>>;

const jsonKeys = [
  ...(['time', 'status', 'session', 'progress', 'pid'] as const),
  ...(['halted', 'needs_person', 'stopped'] as const),
] as const;

/** The same as {@link parseFormat} reads it. */
export const formatText = (format: FileFormat): string => {
  if (format.kind !== 'json') return format.kind;
  const given = jsonKeys.flatMap((key) =>
    format.keys[key] === undefined ? [] : [`${key}=${format.keys[key]}`],
  );
  return given.length === 0 ? 'json' : `json:${given.join(',')}`;
};

const isFormatName = (text: string): text is FormatName => Object.hasOwn(formatWords, text);

/**
 * Reads a format as people write it in a flag or a config file: `touch`, `json`, or `json:time=/data/at,status=/state`
 * with a JSON pointer for each key that is not found by its usual name.
 *
 * @returns `null` where it is none.
 * @example
 * parseFormat('json:time=/loop/last'); // { kind: 'json', keys: { time: '/loop/last' } }
 */
export const parseFormat = (text: string): FileFormat | null => {
  const [name = '', ...rest] = text.trim().split(':');
  if (!isFormatName(name)) return null;
  if (name !== 'json') return rest.length === 0 ? { kind: name } : null;
  const keys: Record<string, string> = {};
  const given = rest.join(':');
  if (rest.length > 0 && given === '') return null;
  for (const part of given === '' ? [] : given.split(',')) {
    const at = part.indexOf('=');
    const key = part.slice(0, at).trim();
    const pointer = part.slice(at + 1).trim();
    const isKnown = (jsonKeys as readonly string[]).includes(key);
    if (at < 1 || !isKnown || Object.hasOwn(keys, key) || !/^(\/([^~]|~[01])*)+$/.test(pointer)) return null;
    keys[key] = pointer;
  }
  return { kind: 'json', keys };
};
