import { fileURLToPath } from 'node:url';
import { readPlainFile } from '@sentinel/heartbeat-core';
import { parseSeries } from '../broker/prices.ts';
import { dataFolder } from '../folders.ts';

/** The recorded prices of the repo, or those of a CSV of one's own with the columns `date,price`. */
export const recordedPrices = (file?: string): readonly number[] =>
  parseSeries(
    readPlainFile(file ?? fileURLToPath(new URL('wti-daily-2009.csv', dataFolder))).bytes.toString('utf8'),
  );
