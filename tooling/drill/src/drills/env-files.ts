import { type Drill, drillsOf } from '../drill.ts';
import { policy, slack, type World } from '../world/world.ts';
import { isHealthy, kill } from './stories.ts';

/** Settings that are written as people's editors write them. */
const settings = (
  name: string,
  expects: string,
  lay: (world: World, text: string) => Promise<unknown>,
): Drill => ({
  name,
  kind: 'words',
  expects,
  run: async (world) => {
    await lay(world, `SLACK_WEBHOOK_URL=${world.webhook.url}\nSENTINEL_BOT_NAME=alpha\n`);
    world.python();
    const { pid } = await world.bot();
    const monitor = world.app('monitor', ['--max-age', '0.1', '--startup-grace', '0.1'], {
      env: { SLACK_WEBHOOK_URL: undefined },
    });
    await world.until(
      'it watches or refuses',
      () => monitor.said().includes('Watching') || monitor.exitCode() !== null,
    );
    if (monitor.exitCode() !== null) {
      world.expect(
        /\.env/.test(monitor.said()) && monitor.exitCode() !== 0,
        `it names .env: ${monitor.said()}`,
      );
      return;
    }
    await isHealthy(world, monitor);
    await kill(world, pid);
    await world.told(/alpha/, policy.maxAge + slack);
  },
});

export const envFiles = drillsOf('words', [
  settings(
    'env-with-a-byte-order-mark',
    '.env with a byte-order mark is read whole, or refused',
    async (world, text) => world.write('.env', `\uFEFF${text}`),
  ),
  settings('env-in-utf-16', '.env in UTF-16 is read whole, or refused', async (world, text) => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    world.write('bytes', bytes.toString('base64'));
    return world.start(['sh', '-c', 'base64 -d bytes >.env']).ended;
  }),
  settings('env-with-crlf', '.env with Windows line ends is read whole', async (world, text) =>
    world.write('.env', text.replaceAll('\n', '\r\n')),
  ),
  {
    name: 'env-is-a-folder',
    expects: '.env that cannot be read is refused with that reason, not with: there is none',
    run: async (world) => {
      await world.start(['mkdir', '.env']).ended;
      const monitor = world.app('monitor', ['--max-age', '0.1']);
      await world.until('it refuses', () => monitor.exitCode() !== null, 20);
      world.expect(monitor.exitCode() !== 0 && /\.env/.test(monitor.said()), monitor.said());
      world.expect(!/ENOENT|no such file/i.test(monitor.said()), monitor.said());
    },
  },
]);
