import { project } from '@sentinel/tooling-vitest';

export default project('peers');
