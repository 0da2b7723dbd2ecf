import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../src/engine.ts';
import { importStandIns } from '../src/images.ts';
import { lackOf } from '../src/needs.ts';
import { type Stack, stackOf } from '../src/stack.ts';

const lack = lackOf('containers', 'proxy');

describe.skipIf(lack !== undefined)('what the monitor can ask of the engine', () => {
  let engine: Engine;
  let stack: Stack;
  beforeAll(async () => {
    engine = await startEngine();
    await importStandIns(engine);
    stack = stackOf(engine, 'compose.yaml');
    await stack.compose('up -d --build --wait --wait-timeout 180');
  });
  afterAll(async () => {
    await engine?.stop();
  });

  const client = (method: string, path: string) =>
    stack.exec(
      'heartbeat-monitor',
      `node -e 'require("node:http").request({host:"docker-proxy",port:2375,method:"${method}",path:"${path}"},(r)=>{console.log(r.statusCode);process.exit()}).end()'`,
    );

  test('restarting the bot, by hand and by the engine client', async () => {
    expect((await client('POST', '/containers/trading-sentinel/restart?t=2')).output.trim()).toBe('204');
    expect((await stack.exec('heartbeat-monitor', 'docker restart trading-sentinel')).code).toBe(0);
  });

  test.each([
    'docker ps',
    'docker inspect trading-sentinel',
    'docker stop trading-sentinel',
    'docker kill trading-sentinel',
    'docker restart heartbeat-api',
    'docker exec trading-sentinel id',
    'docker run --rm sentinel-bot:local id',
    'docker volume ls',
  ])('not `%s`', async (command) => {
    const { code, output } = await stack.exec('heartbeat-monitor', command);
    expect(code, output).not.toBe(0);
    expect(output).toMatch(/forbidden|403/i);
  });

  test.each([
    ['GET', '/containers/json'],
    ['GET', '/v1.41/containers/trading-sentinel/restart'],
    ['POST', '/containers/trading-sentinel/restart/'],
    ['POST', '//containers/trading-sentinel/restart'],
    ['POST', '/containers/x/../trading-sentinel/restart'],
    ['POST', '/containers/heartbeat-api/restart?/containers/trading-sentinel/restart'],
    ['POST', '/containers/trading-sentinel%2Frestart'],
    ['POST', '/v1.41/containers/trading-sentinelx/restart'],
    ['POST', '/v1.41/containers/create'],
    ['POST', '/_ping'],
    ['DELETE', '/v1.41/containers/trading-sentinel'],
  ])('not %s %s', async (method, path) => {
    expect((await client(method, path)).output.trim()).toBe('403');
  });

  test('and nobody else can ask at all', async () => {
    const script = `require("node:http").get("http://docker-proxy:2375/_ping",()=>console.log("reached")).on("error",(e)=>console.log(e.code))`;
    for (const name of ['trading-sentinel', 'heartbeat-api'])
      expect((await stack.exec(name, `node -e '${script}'`)).output, name).not.toContain('reached');
  });
});
