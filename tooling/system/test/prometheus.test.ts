import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../src/engine.ts';
import { importPrometheus, importStandIns } from '../src/images.ts';
import { lackOf } from '../src/needs.ts';
import { until } from '../src/sh.ts';
import { type Stack, stackOf } from '../src/stack.ts';

const lack = lackOf('containers', 'prometheus');

describe.skipIf(lack !== undefined)('the profile prometheus', () => {
  let engine: Engine;
  let stack: Stack;
  beforeAll(async () => {
    engine = await startEngine();
    await importStandIns(engine);
    await importPrometheus(engine);
    stack = stackOf(engine, 'compose.yaml');
    await stack.compose('--profile prometheus up -d --build');
  });
  afterAll(async () => {
    await engine?.stop();
  });

  const ask = async (path: string) =>
    JSON.parse(await engine.sh(`curl -sS http://127.0.0.1:9090/api/v1/${path}`)).data;

  test('scrapes the API, and finds the bot up', async () => {
    await until('the bot is up', async () => {
      const { result } = await ask('query?query=sentinel_up');
      return result.length === 1 && result[0].value[1] === '1';
    });
  });

  test.each(['prometheus', 'alertmanager'])('%s says by itself that it is well', async (name) => {
    await stack.healthy(`sentinel-${name}-1`);
  });

  test("has the project's rules, of which only the one that always fires does", async () => {
    const { groups } = await ask('rules');
    expect(groups.map((group: { name: string }) => group.name)).toContain('sentinel-bots');
    await until('the watchdog fires', async () => {
      const { alerts } = await ask('alerts');
      const firing = alerts.filter((alert: { state: string }) => alert.state === 'firing');
      return firing.some((alert: { labels: { alertname: string } }) => alert.labels.alertname === 'Watchdog');
    });
  });

  test('hands what fires to Alertmanager', async () => {
    await until('Alertmanager has the watchdog', async () => {
      const all = 'wget -q -O - http://127.0.0.1:9093/api/v2/alerts';
      return (await stack.exec('sentinel-alertmanager-1', all)).output.includes('"alertname":"Watchdog"');
    });
  });
});
