import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasTool } from './tool.ts';
import { createWorld } from './world.ts';

const docker = join(import.meta.dirname, '../../../docker');
const run = (tool: string, ...args: string[]) =>
  execFileSync(tool, args, { cwd: docker, encoding: 'utf8', stdio: 'pipe' });

test('promtool takes configuration and rules, and every rule fires and resolves as its test says', (ctx) => {
  if (!hasTool('promtool')) ctx.skip('promtool is not installed (Debian: prometheus)');
  expect(run('promtool', 'check', 'config', 'prometheus/prometheus.yml')).toContain('SUCCESS');
  expect(run('promtool', 'test', 'rules', 'prometheus/tests/sentinel.test.yml')).toContain('SUCCESS');
});

test('amtool takes the configuration of Alertmanager', (ctx) => {
  if (!hasTool('amtool')) ctx.skip('amtool is not installed (Debian: prometheus-alertmanager)');
  expect(run('amtool', 'check-config', 'alertmanager/alertmanager.yml')).toContain('SUCCESS');
});

test('promtool finds nothing to say about the metrics', async (ctx) => {
  if (!hasTool('promtool')) ctx.skip('promtool is not installed (Debian: prometheus)');
  const world = await createWorld('in-process');
  world.bot.update('✅ On', true);
  const { text } = await world.ask('/metrics');
  // Node's own process metrics do not keep to every rule of promtool's; ours do.
  const ours = text.split('\n').filter((line) => /^(# (HELP|TYPE) )?sentinel_/.test(line));
  execFileSync('promtool', ['check', 'metrics'], { input: `${ours.join('\n')}\n`, stdio: 'pipe' });
  await world.end();
});

test('rules and dashboard ask only for metrics that the API gives', async () => {
  const world = await createWorld('in-process');
  const { text } = await world.ask('/metrics');
  const given = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  const asked = ['prometheus/rules/sentinel.rules.yml', 'grafana/dashboards/sentinel.json']
    .map((file) => readFileSync(join(docker, file), 'utf8'))
    .flatMap((content) => content.match(/\bsentinel_[a-z_]+/g) ?? []);
  expect(asked.length).toBeGreaterThan(20);
  for (const name of asked) expect(given, name).toContain(name);
  await world.end();
});

test('promtool takes every query of the dashboard', (ctx) => {
  if (!hasTool('promtool')) ctx.skip('promtool is not installed (Debian: prometheus)');
  const { panels } = JSON.parse(readFileSync(join(docker, 'grafana/dashboards/sentinel.json'), 'utf8'));
  const queries: string[] = panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
    targets.map(({ expr }) => expr.replaceAll('$bot', '.*').replaceAll('$__range', '1h')),
  );
  expect(queries.length).toBeGreaterThan(10);
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-queries-'));
  const file = join(folder, 'queries.rules.yml');
  const rules = queries.map((expr, index) => ({ record: `query:${index}`, expr }));
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }));
  try {
    expect(run('promtool', 'check', 'rules', file)).toContain(`SUCCESS: ${queries.length} rules found`);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

test('the dashboard has one id for each panel, and no panel lies over another', () => {
  const { panels, uid } = JSON.parse(readFileSync(join(docker, 'grafana/dashboards/sentinel.json'), 'utf8'));
  expect(uid).toBe('sentinel');
  const cells = new Set<string>();
  for (const { gridPos } of panels)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(x).toBeLessThan(24);
        expect(cells).not.toContain(`${x},${y}`);
        cells.add(`${x},${y}`);
      }
  expect(new Set(panels.map(({ id }: { id: number }) => id)).size).toBe(panels.length);
});
