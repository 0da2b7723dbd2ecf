import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openBrowser } from '../src/login/browser.ts';
import { browserEnvironment } from '../src/login/browser-environment.ts';
import { headlessChromium } from './support/browser.ts';
import { tempFolder } from './support/site.ts';

let temp: ReturnType<typeof tempFolder>;
beforeEach(() => {
  temp = tempFolder();
});
afterEach(() => {
  vi.restoreAllMocks();
  temp.remove();
});

test.skipIf(headlessChromium === null || process.platform !== 'linux')(
  'the browser has its sandbox, and where the system gives it none that is said',
  async () => {
    // As Chromium does in a container that lets nobody make a namespace.
    const executablePath = join(temp.folder, 'chromium');
    const asked = join(temp.folder, 'asked');
    writeFileSync(
      executablePath,
      `#!/bin/sh\ncase "$*" in *--no-sandbox*) echo without >> ${asked}; exec ${headlessChromium} "$@";; esac\necho with >> ${asked}\necho 'FATAL: No usable sandbox! If you are running on Ubuntu' >&2\nexit 1\n`,
    );
    chmodSync(executablePath, 0o755);
    vi.spyOn(process, 'getuid').mockReturnValue(1000);
    const warned: string[] = [];
    const context = await openBrowser(
      {
        executablePath,
        profilePath: join(temp.folder, 'profile'),
        headless: true,
        environment: browserEnvironment(process.env),
        warn: (line) => void warned.push(line),
      },
      new AbortController().signal,
    );
    await context.close();
    expect(readFileSync(asked, 'utf8')).toBe('with\nwithout\n');
    expect(warned).toEqual([expect.stringContaining('permits no browser sandbox')]);
  },
);
