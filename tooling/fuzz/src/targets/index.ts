import type { Target } from '../target.ts';
import { apiRequest } from './api-request.ts';
import { configFile } from './config-file.ts';
import { signalRequest } from './signal-request.ts';
import { statusFile } from './status-file.ts';
import { webhookAnswer } from './webhook-answer.ts';

export const targets: readonly Target[] = [statusFile, configFile, apiRequest, signalRequest, webhookAnswer];
