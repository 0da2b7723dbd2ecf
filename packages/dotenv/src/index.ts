export { readEnvFile, type Settings } from './shell/read-env-file.ts';
