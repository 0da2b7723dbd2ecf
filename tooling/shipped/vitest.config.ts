import { project } from '@sentinel/tooling-vitest';
import { shippedSetup } from './src/index.ts';

export default project('shipped', { globalSetup: [shippedSetup] });
