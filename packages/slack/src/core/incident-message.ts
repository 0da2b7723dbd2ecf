import { type IncidentView, incidentCard, incidentLine, plainText } from '@sentinel/notify';
import { bounded, detailBlocks, linkButton, messageOf, type Payload, section, show } from './blocks.ts';
import { limits, slackText, slackValue } from './text.ts';

/** The state is one line of several. */
const mostOfState = 600;

/** The one message of an incident: how it is now at the top, and below it what was said at its beginning. */
export const incidentMessage = (view: IncidentView, mark?: string): Payload => {
  const { link, ...whole } = incidentCard(view);
  const card = bounded(whole);
  const since = slackValue({ at: view.last.at }, limits.field);
  const state = `*${slackText(incidentLine(view), mostOfState)}* · ${since}`;
  const text = [state, plainText({ ...card, link }, show), ...(mark === undefined ? [] : [mark])].join('\n');
  const blocks = [
    section(state),
    ...detailBlocks(card, mark),
    ...(link === undefined ? [] : [linkButton(link)]),
  ];
  return messageOf({ title: card.title, tone: card.tone, text, blocks });
};
