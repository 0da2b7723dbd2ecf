import { incidentIdOf, type Supervision } from '@sentinel/history';
import {
  type Channel,
  channelOf,
  createHttp,
  listenForPresses,
  type Press,
  type ProxyOptions,
  pressData,
} from '@sentinel/notify';
import { expect, onTestFinished, test, vi } from 'vitest';
import { slackChannel } from '../src/index.ts';
import { soon, useDelivery } from './support/delivery.ts';
import { startProxy } from './support/proxy.ts';
import { startSlackSocket } from './support/socket-server.ts';

const { world } = useDelivery();
const channel = 'C0123456789';
const startedAt = Date.now() - 60_000;
const incident = incidentIdOf({ bot: 'alpha', startedAt });

const open = async (appToken = 'xapp-1-A0-0123456789', proxy?: ProxyOptions) => {
  const slack = await startSlackSocket();
  onTestFinished(slack.close);
  const store = world().store();
  store.transact((records) => {
    records.setSupervision('alpha', {} as Supervision);
    records.openIncident({ bot: 'alpha', at: startedAt, state: 'stale', reason: 'no beat' });
  }, undefined);
  const team: Channel = channelOf(
    slackChannel,
    { token: 'xoxb-0123456789', channel, appToken, server: slack.url },
    { name: 'team' },
  );
  const orders: Press[] = [];
  const told: string[] = [];
  const listening = listenForPresses({
    ...{ channels: [team], store, name: 'alpha', log: () => {} },
    http: createHttp({ timeoutMs: 5000, now: Date.now, proxy }),
    notify: (notification) => told.push(notification.kind === 'custom' ? notification.text : ''),
    order: async (bot, press) => {
      orders.push(press);
      return `${bot}: you have it`;
    },
  });
  onTestFinished(listening.stop);
  return { slack, orders, told, listening };
};

test('a press is the order of the person who pressed, and only they are shown what came of it', async () => {
  const { slack, orders } = await open();
  await vi.waitFor(() => expect(slack.connections()).toBe(1), soon);
  slack.press(pressData('ack', incident), channel, 'e1');
  await vi.waitFor(() => expect(slack.ephemeral).toEqual(['alpha: you have it']), soon);
  expect(orders).toMatchObject([{ what: 'ack', by: 'ann (on Slack)' }]);
  expect(slack.acknowledged).toEqual(['e1']);
  // In another channel it counts for nothing, and a button that opens a page carries nothing.
  slack.press(pressData('ack', incident), 'C0000000000', 'e2');
  slack.press('', channel, 'e3');
  await vi.waitFor(() => expect(slack.acknowledged).toHaveLength(3), soon);
  expect(orders).toHaveLength(1);
});

test('a connection that Slack renews is made again, and the end does not wait for Slack', async () => {
  const { slack, orders, listening } = await open();
  await vi.waitFor(() => expect(slack.connections()).toBe(1), soon);
  slack.disconnect();
  await vi.waitFor(() => expect(slack.connections()).toBe(2), soon);
  slack.press(pressData('snooze', incident), channel, 'e1');
  await vi.waitFor(() => expect(orders).toMatchObject([{ what: 'snooze' }]), soon);
  const begun = performance.now();
  await listening.stop();
  expect(performance.now() - begun).toBeLessThan(2000);
});

test('a token of another kind is told once, in the words of Slack', async () => {
  const { told, slack } = await open('xoxb-0123456789');
  expect(slackChannel.faultOf({ token: 'xoxb-0123456789', channel, appToken: 'xoxb-0' })).toContain('xapp-');
  // The channel is dead by then, and nobody listens for it.
  expect(told).toEqual([]);
  expect(slack.connections()).toBe(0);
});

test('behind a proxy the connection goes through it too', async () => {
  const proxy = await startProxy();
  onTestFinished(proxy.close);
  const { slack, orders } = await open(undefined, { http: proxy.url });
  await vi.waitFor(() => expect(slack.connections()).toBe(1), soon);
  slack.press(pressData('ack', incident), channel, 'e1');
  await vi.waitFor(() => expect(orders).toHaveLength(1), soon);
  // One tunnel to ask for the address, and one for the connection.
  expect(proxy.tunnels.length).toBeGreaterThan(1);
});
