import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { foreignFile, foreignFolder } from '@sentinel/heartbeat-core';

type OwnPlaces = {
  /** The folder that only the bot has to reach. */
  readonly data: string;
  /** The folder of the browser's profile, which holds the session. */
  readonly profile: string;
};

/** What the bot keeps in its folder. */
const files = ['bot.db', 'paper-broker.db', 'notifications.db', 'drill.json'] as const;

const linked = (path: string): string | null =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
    ? `${path} is a link, which is not followed: give the place that it leads to (SENTINEL_BOT_DATA, BULENOX_PROFILE_PATH), or remove it`
    : null;

const ofOthers = (path: string): string | null => {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats === undefined ? null : foreignFile(path, stats);
};

/**
 * Why the bot must not use its folder, in one line with what to do; `null`: it may. Who laid it there, or may write in it,
 * could choose what is traded, or which files root writes.
 */
const problemOfData = ({ data, profile }: OwnPlaces): string | null => {
  const foreign = foreignFolder(join(data, files[0])) ?? foreignFolder(join(profile, 'Default'));
  if (foreign !== null)
    return `${foreign}: run the bot as that user, or give it a folder in which root alone may write`;
  const places = [data, profile, ...files.map((name) => join(data, name))];
  for (const place of places) {
    const problem = linked(place) ?? ofOthers(place);
    if (problem !== null) return problem;
  }
  return null;
};

/** The same with the folder of the status file, for whoever is about to write into either. */
export const problemOfFolders = (statusFile: string, places: OwnPlaces): string | null => {
  const foreign = foreignFolder(statusFile);
  if (foreign === null) return problemOfData(places);
  return `${foreign}: run the bot as that user, or give it a folder in which root alone may write (it is now ${dirname(statusFile)})`;
};
