import { project } from '@sentinel/tooling-vitest';

export default project('app-dashboard', { globalSetup: './test/fixtures/build.ts' });
