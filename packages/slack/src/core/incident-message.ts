import {
  type IncidentView,
  incidentCard,
  incidentLine,
  plainText,
  pressData,
  pressLabels,
} from '@sentinel/notify';
import { bounded, buttonRow, detailBlocks, messageOf, type Payload, section, show } from './blocks.ts';
import { limits, slackText, slackValue } from './text.ts';

/** The state is one line of several. */
const mostOfState = 600;

/** Somebody who has it needs no button for it, and what is over has none. */
const pressesOf = ({ first, state }: IncidentView) => {
  const { incident } = first.notification;
  if (incident === undefined || state !== 'open') return [];
  return (['ack', 'snooze'] as const).map((what) => ({
    ...{ id: what, label: pressLabels[what], value: pressData(what, incident) },
  }));
};

/** The one message of an incident: how it is now at the top, and below it what was said at its beginning. */
export const incidentMessage = (view: IncidentView, isHeard: boolean, mark?: string): Payload => {
  const { link, ...whole } = incidentCard(view);
  const card = bounded(whole);
  const since = slackValue({ at: view.last.at }, limits.field);
  const state = `*${slackText(incidentLine(view), mostOfState)}* · ${since}`;
  const buttons = [
    ...(isHeard ? pressesOf(view) : []),
    ...(link === undefined ? [] : [{ id: 'open', label: 'Open the page', url: link }]),
  ];
  const text = [state, plainText({ ...card, link }, show), ...(mark === undefined ? [] : [mark])].join('\n');
  const blocks = [section(state), ...detailBlocks(card, mark), ...buttonRow(buttons)];
  return messageOf({ title: card.title, tone: card.tone, text, blocks });
};
