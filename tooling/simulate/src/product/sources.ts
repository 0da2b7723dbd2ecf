import type { Reading, Sources } from '@sentinel/heartbeat-core';
import { lookAtContent } from '../../../../packages/heartbeat-core/src/core/formats/parse-file.ts';
import type { Pieces } from '../mutations/pieces.ts';
import type { StatusFile } from '../world/status-file.ts';
import type { Gate } from './gate.ts';

/** A change of a file is told so much later, in ms. */
export const eventMs = 2;
/** As in `readHeartbeat`: a file that is being written is read again. */
const [secondLookMs, nextLookMs, mostLooks] = [20, 3, 40];

type Options = Parameters<Sources['file']>[1];

export const lookAt = (file: StatusFile, options: Options) => {
  const whole = (reading: Reading) => ({ reading, partial: false, stamp: '' });
  const { path } = file;
  if (file.isFolder()) return whole({ kind: 'unreadable', problem: { code: 'not-a-file', file: path } });
  const content = file.content();
  if (content === null) return whole({ kind: 'missing', problem: { code: 'missing', file: path } });
  const { reading, partial } = lookAtContent(content, options ?? {});
  const stamp = `${content.mtimeMs} ${content.text.length}`;
  return { reading: reading.kind === 'corrupt' ? { ...reading, stamp } : reading, partial, stamp };
};

/** Readings of simulated files, as `createSources` gives those of real ones. */
export const sourcesOf = (
  files: ReadonlyMap<string, StatusFile>,
  gate: Gate,
  now: () => number,
  onJournal: (changed: () => void) => () => void,
  change: Pieces['reading'],
  onLooked: () => void,
): Sources => {
  const sleep = (ms: number) => new Promise<void>((resolve) => void gate.after(ms, resolve));
  const read = async (file: StatusFile, options: Options): Promise<Reading> => {
    let found = lookAt(file, options);
    for (let again = 0; found.partial && again < mostLooks; again += 1) {
      await sleep(again === 0 ? secondLookMs : nextLookMs);
      const before = found.stamp;
      found = lookAt(file, options);
      if (found.stamp === before) break;
    }
    return change(found.reading, file.content()?.mtimeMs ?? 0);
  };
  return {
    file: (path, options) => ({
      open: (onReading) => {
        const file = files.get(path);
        if (file === undefined) throw new Error(`${path} is not of this world`);
        let looking: Promise<void> | undefined;
        let again = false;
        let closed = false;
        let cancel = () => {};
        const run = async () => {
          try {
            do {
              again = false;
              const reading = await read(file, options);
              if (!closed && !gate.isDead()) await onReading(reading);
              onLooked();
            } while (again && !closed);
          } finally {
            looking = undefined;
          }
        };
        const look = () => {
          if (looking !== undefined) again = true;
          else if (!closed && !gate.isDead()) looking = run();
        };
        const ignore =
          options?.events === false ? () => {} : file.watch(() => void gate.after(eventMs, look));
        look();
        return {
          look,
          lookAt: (due) => {
            cancel();
            if (!closed && Number.isFinite(due)) cancel = gate.after(Math.max(0, due - now()), look);
          },
          close: async () => {
            closed = true;
            cancel();
            ignore();
            await looking;
          },
        };
      },
    }),
    onChange: (_file, changed) => onJournal(() => void gate.after(eventMs, changed)),
    ensure: () => {},
    close: () => {},
  };
};
