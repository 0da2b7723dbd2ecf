import type { Dialect } from '@sentinel/notify';

/**
 * The words in which Slack refuses what is sent to a webhook, as its documentation lists them. Any other one, `access_denied`
 * say, is a proxy's as likely as a new one of Slack's: it is tried again.
 */
const refusals: ReadonlySet<string> = new Set([
  'action_prohibited',
  'channel_is_archived',
  'channel_not_found',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_payload',
  'invalid_token',
  'missing_text_or_fallback_or_attachments',
  'no_active_hooks',
  'no_service',
  'no_service_id',
  'no_team',
  'no_text',
  'posting_to_general_channel_denied',
  'team_disabled',
  'too_many_attachments',
  'user_not_found',
]);

/** Slack's answers: `ok` for what it took, and one word for a refusal. */
export const dialect: Dialect = {
  whose: "Slack's",
  takes: (text) => text === 'ok',
  refuses: (text) => refusals.has(text),
};
