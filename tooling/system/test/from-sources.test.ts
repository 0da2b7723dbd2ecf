import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../src/cache.ts';
import { type Engine, startEngine } from '../src/engine.ts';
import { importStandIns, standInImages } from '../src/images.ts';
import { lackOf } from '../src/needs.ts';

const lack = lackOf('containers', 'from sources');
const minutes = 60_000;

describe.skipIf(lack !== undefined)('images built from the sources alone', () => {
  let engine: Engine;
  let offline = false;
  beforeAll(async () => {
    engine = await startEngine('outside');
    await importStandIns(engine);
    const ask = `docker run --rm --network host ${standInImages.SENTINEL_NODE_IMAGE} npm view pnpm@12 name`;
    offline = (await engine.attempt(ask, { timeoutMs: minutes })).code !== 0;
  });
  afterAll(async () => {
    await engine?.stop();
  });

  const build = (target: string) =>
    engine.sh(
      `cd '${repository}' && docker build -q --network host -f docker/Dockerfile --target ${target} -t from-sources-${target} \
        --build-arg NODE_IMAGE=${standInImages.SENTINEL_NODE_IMAGE} --build-arg DOCKER_CLI_IMAGE=${standInImages.SENTINEL_DOCKER_CLI_IMAGE} .`,
      { timeoutMs: 12 * minutes },
    );
  const run = (target: string, command: string) =>
    engine.attempt(`docker run --rm --network none --entrypoint sh from-sources-${target} -c '${command}'`);

  test(
    'hold the app, what it needs to run, and nothing that made it',
    async ({ skip }) => {
      skip(offline, 'containers here do not reach the registry');
      for (const target of ['bot', 'monitor', 'api']) {
        await build(target);
        expect((await run(target, 'id -u')).output.trim(), target).toBe('1000');
        const { output } = await run(
          target,
          'find / -xdev -type d -path "*/node_modules/*" -prune -o -path "/app/*.ts" -print; ls -d /app/*/node_modules/.pnpm/*',
        );
        expect(output, target).toContain('node_modules/.pnpm/');
        expect(output, target).not.toMatch(/\.pnpm\/(typescript|tsup|vitest|turbo|esbuild|@biomejs)[@+]/);
        expect(output, target).not.toMatch(/^\/app.*\.ts$/m);
      }
      expect((await run('monitor', 'node monitor/dist/index.js --help')).output).toContain('--max-age');
    },
    20 * minutes,
  );

  test('only the bot has a browser', async ({ skip }) => {
    skip(offline, 'containers here do not reach the registry');
    expect((await run('bot', 'chromium --version')).output).toMatch(/^Chromium \d+/m);
    for (const target of ['monitor', 'api'])
      expect((await run(target, 'command -v chromium')).code, target).not.toBe(0);
  });
});
