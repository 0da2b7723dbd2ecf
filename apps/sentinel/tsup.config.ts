import { app } from '@sentinel/tooling-tsup';

export default app();
