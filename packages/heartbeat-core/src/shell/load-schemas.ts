import { buildSchemas, type Schemas } from '../core/schemas.ts';

/**
 * The zod schemas of the status file, for those who check or publish the JSON line elsewhere. zod is loaded here, with
 * the first call, so that a bot which only beats never pays for it.
 *
 * @example
 * const { statusDetails } = await loadSchemas();
 * statusDetails.parse(JSON.parse(lastLine));
 */
export const loadSchemas = async (): Promise<Schemas> => buildSchemas(await import('zod'));
