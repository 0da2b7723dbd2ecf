export { isRestartedBySystemd } from './restart-job.ts';
export { createServiceManager, systemdOf } from './service-manager.ts';
