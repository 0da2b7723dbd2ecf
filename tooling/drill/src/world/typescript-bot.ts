/** The text of `bot.mjs`: a bot with the packed writer for TypeScript. */
export const typescriptBot = `import { appendFileSync, existsSync, readlinkSync } from 'node:fs';
import { createHeartbeat } from '@sentinel/heartbeat-core';

appendFileSync('pids', \`\${process.pid} \${readlinkSync('/proc/self/ns/pid')}\\n\`);
const heartbeat = createHeartbeat({ file: 'logs/heartbeat_status.txt' });
let progress = 0;
setInterval(() => {
  if (!existsSync('stuck')) progress += 1;
  heartbeat.update('✅ Heartbeat active', { sessionActive: true, progress });
}, 300);
`;
