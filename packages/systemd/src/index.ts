export {
  createServiceManager,
  type ServiceManager,
  type ServiceManagerOptions,
  systemdOf,
} from './service-manager.ts';
