import { library } from '@sentinel/tooling-tsup';

export default library({ entry: { index: 'src/index.ts', check: 'src/check.ts' } });
