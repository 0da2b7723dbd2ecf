import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const most = 20;
const timeoutMs = 10_000;

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
    mkdirSync(folder, { recursive: true });
    const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
    const file = join(folder, `${stamp}-${stage.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.png`);
    const picture = await page.screenshot({ mask: [page.locator('input')], timeout: timeoutMs });
    // Made anew: a link that somebody laid there is not followed.
    writeFileSync(file, picture, { flag: 'wx' });
    const old = readdirSync(folder)
      .filter((name) => name.endsWith('.png'))
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
