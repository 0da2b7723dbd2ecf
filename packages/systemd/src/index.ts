export { giveBackMemory } from './give-back.ts';
export { isRestartedBySystemd } from './restart-job.ts';
export { createServiceManager, systemdOf } from './service-manager.ts';
