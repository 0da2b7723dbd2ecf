import { shippedSetup } from '@sentinel/tooling-shipped';
import { project } from '@sentinel/tooling-vitest';

export default project('checks', { globalSetup: [shippedSetup] });
