import { shippedSetup } from '@sentinel/tooling-shipped';
import { project } from '@sentinel/tooling-vitest';

// Real bots with real browsers: on a busy machine a start alone takes ten times as long. The limit only calls a hang one.
export default project('app-bot', { globalSetup: [shippedSetup], testTimeout: 120_000 });
