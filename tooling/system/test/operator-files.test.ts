import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repository } from '../src/cache.ts';
import { lackOf } from '../src/needs.ts';
import { attempt, sh } from '../src/sh.ts';

const lack = lackOf('linters', 'operator files');

describe.skipIf(lack !== undefined)('the scripts and units', () => {
  const units = globSync('scripts/systemd/*.{service,path}', { cwd: repository });

  test('shellcheck finds nothing', async () => {
    const { code, output } = await attempt(`cd '${repository}' && shellcheck scripts/*.sh .ci/run`);
    expect(code, output).toBe(0);
  });

  test('systemd-analyze verify says nothing', async () => {
    // It looks for the programs, so it is run on copies that name one that is there.
    const output = await sh(`
      folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd '${repository}'
      for unit in ${units.join(' ')}; do sed 's|/opt/sentinel/bin/node|/bin/true|' "$unit" >"$folder/$(basename "$unit")"; done
      systemd-analyze verify --man=no "$folder"/* 2>&1 || true`);
    expect(output).toBe('');
  });

  test.each(units.filter((unit) => unit.endsWith('.service')))(
    '%s is exposed by 4.0 at most',
    async (unit) => {
      const { code, output } = await attempt(
        `systemd-analyze security --offline=true --threshold=40 '${join(repository, unit)}'`,
      );
      expect(code, output).toBe(0);
    },
  );
});
