// `node packages/slack/scripts/write-guide.ts`: writes the messages into docs/slack.md anew, from the golden files.
import { readFileSync, writeFileSync } from 'node:fs';
import { guide, withMessages } from '../test/support/render-guide.ts';

writeFileSync(guide, withMessages(readFileSync(guide, 'utf8')));
