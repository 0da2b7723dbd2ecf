import { project } from '@sentinel/tooling-vitest';

// Real bots with real browsers: on a busy machine a start alone takes ten times as long. The limit only calls a hang one.
export default project('app-bot', { testTimeout: 120_000 });
