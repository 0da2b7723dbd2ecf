import { expect, test } from 'vitest';
import { isRestartedBySystemd } from './restart-job.ts';

const ask = (path: string, jobs: string, asked: boolean[] = []) =>
  isRestartedBySystemd({
    cgroup: () => `0::${path}\n`,
    jobs: async (isUser) => {
      asked.push(isUser);
      return jobs;
    },
  });
const unit = '/system.slice/sentinel-monitor.service';

test.each([
  ['a restart of this service', unit, ' 12 sentinel-monitor.service restart running\n', true],
  ['its stop', unit, ' 12 sentinel-monitor.service stop running\n', false],
  ['the restart of another one', unit, ' 12 sentinel-bot.service restart running\n', false],
  ['the end of the machine', unit, ' 1 poweroff.target start waiting\n', false],
  ['no answer', unit, '', false],
  ['a shell', '/user.slice/user-0.slice/session-1.scope', ' 12 x.service restart running\n', false],
])('%s', async (_, path, jobs, is) => {
  expect(await ask(path, jobs)).toBe(is);
});

test("a service of a user is asked of the user's systemd", async () => {
  const asked: boolean[] = [];
  const path = '/user.slice/user-1000.slice/user@1000.service/app.slice/sentinel-monitor.service';
  expect(await ask(path, ' 3 sentinel-monitor.service restart running', asked)).toBe(true);
  expect(asked).toEqual([true]);
});
