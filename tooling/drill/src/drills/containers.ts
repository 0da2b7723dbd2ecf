import { drillsOf } from '../drill.ts';
import { policy, slack, type World } from '../world/world.ts';
import { hang, isHealthy, isReplaced, kill, linesIn } from './stories.ts';

const docker = process.env.DOCKER_HOST === undefined ? {} : { DOCKER_HOST: process.env.DOCKER_HOST };

/**
 * Not heartbeat.py: a monitor cannot know which file of that name a process of another namespace runs, and would rightly
 * refuse to restart the bots of the drills beside this one.
 */
const script = 'heartbeat_in_docker.py';

/** An empty image on which this machine's own python3 runs: nothing has to be pulled. */
const image = 'sentinel-drill-empty';
const machine = ['/usr', '/lib', '/lib64', '/bin'].map((folder) => `-v ${folder}:${folder}:ro`).join(' ');

const sh = async (world: World, line: string) => {
  const program = world.start(['sh', '-c', line], { env: docker });
  const code = await program.ended;
  world.expect(code === 0, `${line}\n${program.said()}`);
};

/** `python3 heartbeat.py` in a container of the real engine, and a monitor on the host. */
const contained = async (world: World, play: (pid: number) => Promise<void>) => {
  const name = `trading-sentinel-${process.pid}-${Math.round(performance.now())}`;
  world.python({ writer: 'three' }, script);
  await sh(world, `tar -c --files-from /dev/null | docker import - ${image} >/dev/null`);
  try {
    await sh(
      world,
      `docker run -d --init=false --name ${name} ${machine} -v ${world.folder}:/app -w /app --network none ${image} /usr/bin/python3 ${script}`,
    );
    const pid = await world.until('the bot runs', () => world.starts()[0]);
    const monitor = await world.monitor({ restart: `docker restart -t 2 ${name}`, env: docker });
    await isHealthy(world, monitor);
    await play(pid);
    await isReplaced(world, pid);
  } finally {
    await sh(world, `docker rm -f ${name}`);
  }
};

export const containers = drillsOf('seed', [
  {
    name: 'seed-hung-in-docker',
    needs: ['docker'],
    expects: 'a bot in Python that hangs in a container is restarted by docker restart, once',
    run: (world) => contained(world, (pid) => hang(world, pid)),
  },
  {
    name: 'seed-crashed-in-docker',
    needs: ['docker'],
    expects: 'a bot in Python that crashed in a container is started again by docker restart, once',
    run: (world) => contained(world, (pid) => kill(world, pid)),
  },
  {
    name: 'seed-stuck-in-docker',
    needs: ['docker'],
    expects:
      'a bot in Python that beats without progress in a container is asked to end by docker, and replaced',
    run: async (world) => {
      world.write('progress', '');
      const name = `trading-sentinel-stuck-${process.pid}-${Math.round(performance.now())}`;
      world.python({ writer: 'three' }, script);
      await sh(world, `tar -c --files-from /dev/null | docker import - ${image} >/dev/null`);
      try {
        await sh(
          world,
          `docker run -d --name ${name} ${machine} -v ${world.folder}:/app -w /app --network none ${image} /usr/bin/python3 ${script}`,
        );
        const pid = await world.until('the bot runs', () => world.starts()[0]);
        const args = ['--max-stall', '0.1'];
        const monitor = await world.monitor({ restart: `docker restart -t 2 ${name}`, env: docker, args });
        await isHealthy(world, monitor);
        world.write('stuck', '');
        world.fault();
        await world.replaced(pid, policy.maxAge + policy.grace + slack);
        world.expect(linesIn(world, 'terms') === 1, 'docker asked it to end');
      } finally {
        await sh(world, `docker rm -f ${name}`);
      }
    },
  },
]);
