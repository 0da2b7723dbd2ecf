import type { Drill } from './drill.ts';
import type { Figures } from './world/figures.ts';
import { Unmet } from './world/wait.ts';
import { openWorld, type World } from './world/world.ts';

export type Played = {
  readonly drill: Drill;
  readonly outcome: 'held' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  readonly why?: string;
  readonly seconds: number;
  readonly figures?: Figures;
  /** What the programs printed, where it failed. */
  readonly story?: string;
};

/** A drill that waits for ever is ended; each of its waits has an end of its own before that. */
const longestSeconds = 240;

/** What holds in every drill. */
const faultOf = ({ bots = 1, loses = false, doubles = false }: Drill, figures: Figures): string | null => {
  if (figures.most > bots) return `${figures.most} bots were alive at once, at most ${bots} expected`;
  if (!loses && (figures.lost ?? 0) > 0) return `${figures.lost} alerts were lost`;
  if (!doubles && figures.doubled > 0) return `${figures.doubled} alerts were taken twice`;
  return null;
};

/** Nothing that comes after it matters: it ends the drill. */
const tooMany = (world: World, bots: number) =>
  new Promise<never>((_, fail) => {
    world.onMore(bots, () => {
      // What is told of it belongs to the story.
      const why = () => new Unmet(`${world.most()} bots were alive at once, at most ${bots} expected`);
      setTimeout(() => fail(why()), 2000);
    });
  });

const open = new Set<World>();

let ended = false;

/** Ends whatever the drills that are being played have started; no other one begins. */
export const closeAll = async (): Promise<void> => {
  ended = true;
  // A drill that is in the middle of something may start one more program, or write one more file.
  for (let round = 0; round < 2; round += 1) await Promise.all([...open].map((world) => world.close()));
};

export const play = async (drill: Drill): Promise<Played> => {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  if (ended) return { drill, outcome: 'skipped', why: 'the run was ended', seconds: 0 };
  const world = await openWorld();
  open.add(world);
  if (ended) await world.close();
  let timer: NodeJS.Timeout | undefined;
  try {
    const tooLong = new Promise<never>((_, fail) => {
      timer = setTimeout(
        () => fail(new Unmet(`it had not ended after ${longestSeconds} s`)),
        longestSeconds * 1000,
      );
    });
    await Promise.race([drill.run(world), tooLong, tooMany(world, drill.bots ?? 1)]);
    const figures = await world.figures();
    const why = faultOf(drill, figures);
    return why === null
      ? { drill, outcome: 'held', seconds: seconds(), figures }
      : { drill, outcome: 'failed', why, seconds: seconds(), figures, story: world.story() };
  } catch (error) {
    const why = error instanceof Unmet ? error.message : `the drill itself broke: ${(error as Error).stack}`;
    const figures = await world.figures();
    return { drill, outcome: 'failed', why, seconds: seconds(), figures, story: world.story() };
  } finally {
    clearTimeout(timer);
    await world.close();
    open.delete(world);
  }
};
