// Each service gets its own settings of .env by name (settings.json), and no other: the API and the monitor have no use for the password
// of the account. Run by root on the server: node settings.mjs ENV_FILE FOLDER writes bot.env, monitor.env and api.env.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

const settings = JSON.parse(readFileSync(join(import.meta.dirname, 'settings.json'), 'utf8'));

/** As systemd reads it: within double quotes only these two are escaped, and a line break stays one. */
const quoted = (value) => `"${value.replaceAll(/[\\"]/g, '\\$&')}"`;

/** As the programs read it (@sentinel/dotenv): UTF-8 with or without a byte-order mark, UTF-16 with one. */
const textOf = (bytes) => {
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  // The mark is taken away by the decoder.
  return new TextDecoder(encoding).decode(bytes);
};
const refuse = (words) => {
  console.error(`error: ${envFile} is ${words}: save it as UTF-8`);
  process.exit(1);
};

const [envFile, folder] = process.argv.slice(2);
if (envFile !== undefined && folder !== undefined) {
  const text = textOf(readFileSync(envFile));
  if (text.includes('\0')) refuse('no UTF-8 text (is it binary, or saved as UTF-16?)');
  const given = parseEnv(text);
  const spoiled = Object.keys(given).find((name) => `${name}${given[name]}`.includes('\uFFFD'));
  if (spoiled !== undefined) refuse(`not UTF-8 where it sets ${spoiled}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name, text, mode) => {
    const file = join(folder, name);
    writeFileSync(`${file}.next`, text, { mode });
    renameSync(`${file}.next`, file);
  };
  for (const [service, names] of Object.entries(settings)) {
    const lines = names.filter((name) => given[name]).map((name) => `${name}=${quoted(given[name])}\n`);
    write(`${service}.env`, lines.join(''), 0o600);
  }
  // What a service sees in the place of .env.
  write('none', '', 0o644);
}
