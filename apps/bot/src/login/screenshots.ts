import { chmodSync, lstatSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '@sentinel/heartbeat-core';
import type { Page } from 'playwright-core';

const most = 20;
const timeoutMs = 10_000;
/** Only what was named here is thrown away here. */
const ours = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z-[a-z-]+\.png$/;

/** The folder, for its owner alone: an account is to be seen in the pictures. */
const openFolder = (folder: string): void => {
  makeFolder(folder, 0o700);
  if (!lstatSync(folder).isDirectory())
    throw new Error(`${folder} is a link, which is not followed: remove it`);
  chmodSync(folder, 0o700);
};

/**
 * Keeps a picture of a failed login, at most 20, the oldest go first. Named by time and stage only. What stands in
 * input fields is covered. Returns the file, or `null` when there was nothing to photograph.
 * Never throws, for it is the failed login that counts: why there is none goes to `warn`.
 */
export const takeScreenshot = async (
  page: Page,
  folder: string,
  stage: string,
  now: number,
  warn: (line: string) => void,
): Promise<string | null> => {
  try {
    openFolder(folder);
    const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
    const file = join(folder, `${stamp}-${stage.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.png`);
    const picture = await page.screenshot({ mask: [page.locator('input')], timeout: timeoutMs });
    // Made anew: a link that somebody laid there is not followed.
    writeFileSync(file, picture, { flag: 'wx', mode: 0o600 });
    const old = readdirSync(folder)
      .filter((name) => ours.test(name))
      .sort()
      .slice(0, -most);
    for (const name of old) rmSync(join(folder, name), { force: true });
    return file;
  } catch (error) {
    // Playwright adds a log of the calls to its messages: the first line is enough.
    warn(`No picture of the failed login was kept: ${String(error).split('\n')[0]}`);
    return null;
  }
};
