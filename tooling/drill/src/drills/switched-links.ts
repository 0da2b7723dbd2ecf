import { drillsOf } from '../drill.ts';
import { type MonitorOptions, policy, type World } from '../world/world.ts';
import { hang, python, watched } from './stories.ts';

const beside = ['--max-age', '0.1', '--startup-grace', '0.25', '--restart', python];

/** A link is switched in one step, as a deployment does it. */
const lead = async (world: World, target: string, link: string) => {
  await world.start(['ln', '-s', target, `${link}.new`]).ended;
  await world.start(['mv', '-T', `${link}.new`, link]).ended;
};

/** A monitor watches through a link that leads to `a`, and the link is switched to `b`. */
const switched = async (world: World, options: MonitorOptions = {}) => {
  world.write('b/.keep', '');
  await world.start(['mv', 'logs', 'a']).ended;
  await lead(world, 'a', 'logs');
  const begun = await watched(world, { writer: 'three' }, { args: [], ...options });
  await lead(world, 'b', 'logs');
  return begun;
};

const staysOneBot = async (world: World, pid: number) => {
  await hang(world, pid);
  await world.sleep(policy.maxAge * 2 + policy.secondLook + policy.grace);
  world.expect(world.most() === 1, 'one bot');
};

export const switchedLinks = drillsOf('accepted', [
  {
    name: 'folder-link-switched',
    expects: 'after the link logs was switched to another folder, the same monitor started again is refused',
    run: async (world) => {
      const { pid } = await switched(world);
      const second = world.app('monitor', beside);
      const code = await Promise.race([second.ended, world.sleep(30).then(() => 'it went on' as const)]);
      world.expect(code !== 'it went on' && code !== 0, `it is refused, not: ${code}\n${second.said()}`);
      await staysOneBot(world, pid);
    },
  },
  {
    name: 'folder-link-switched-other-journal',
    expects:
      'the same with a journal of its own for each monitor: the second is refused by the path that both were given',
    run: async (world) => {
      world.write('j/.keep', '');
      world.write('k/.keep', '');
      const { pid } = await switched(world, { env: { SENTINEL_DB: world.path('j/sentinel.db') } });
      const second = world.app('monitor', beside, { env: { SENTINEL_DB: world.path('k/sentinel.db') } });
      const code = await Promise.race([second.ended, world.sleep(30).then(() => 'it went on' as const)]);
      world.expect(code !== 'it went on' && code !== 0, `it is refused, not: ${code}\n${second.said()}`);
      await staysOneBot(world, pid);
    },
  },
  {
    name: 'file-link-switched',
    expects:
      'after the link that is the status file was switched, a monitor of the file that it leads to now is refused',
    run: async (world) => {
      world.write('k/.keep', '');
      await world.start(['ln', '-s', '../a.txt', 'logs/heartbeat_status.txt']).ended;
      const { pid } = await watched(world, { writer: 'three' }, { args: [] });
      await world.start(['cp', 'a.txt', 'b.txt']).ended;
      await lead(world, '../b.txt', 'logs/heartbeat_status.txt');
      // The first monitor looks every five seconds where its path leads.
      await world.sleep(6);
      const second = world.app('monitor', [...beside, '--file', 'b.txt'], {
        env: { SENTINEL_DB: world.path('k/sentinel.db') },
      });
      const code = await Promise.race([second.ended, world.sleep(30).then(() => 'it went on' as const)]);
      world.expect(code !== 'it went on' && code !== 0, `it is refused, not: ${code}\n${second.said()}`);
      await staysOneBot(world, pid);
    },
  },
]);
