/** The text of `bot.mjs`: a bot with the packed writer, which it loads from `core`. */
export const typescriptBot = (
  core: string,
): string => `import { appendFileSync, existsSync, readlinkSync } from 'node:fs';
import { createHeartbeat } from ${JSON.stringify(core)};

appendFileSync('pids', \`\${process.pid} \${readlinkSync('/proc/self/ns/pid')}\\n\`);
const heartbeat = createHeartbeat({ file: 'logs/heartbeat_status.txt' });
let progress = 0;
setInterval(() => {
  if (!existsSync('stuck')) progress += 1;
  heartbeat.update('✅ Heartbeat active', { sessionActive: true, progress });
}, 300);
`;
