export { createServiceManager, systemdOf } from './service-manager.ts';
