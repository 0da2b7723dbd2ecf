import { bundledApp } from '@sentinel/tooling-tsup';

export default bundledApp();
