import { bundledAppWith } from '@sentinel/tooling-tsup';

export default bundledAppWith({
  name: 'look',
  late: { './parse-config.ts': '../../packages/monitor/src/config/parse-config.ts' },
  library: 'zod',
});
