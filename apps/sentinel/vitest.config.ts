import { shippedSetup } from '@sentinel/tooling-shipped';
import { project } from '@sentinel/tooling-vitest';

export default project('app-sentinel', { globalSetup: [shippedSetup] });
