import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { auditVerdict, notAsked } from '../src/audit.ts';

const program = join(import.meta.dirname, '../src/audit.ts');
const advisory = (severity: string) => ({
  fastify: [
    {
      id: 1,
      url: 'https://advisories.example/1',
      title: 'Takes what it should not',
      severity,
      vulnerable_versions: '<999',
      cwe: ['CWE-1'],
      cvss: { score: 9, vectorString: null },
    },
  ],
});

/** Runs the audit against a registry that answers so. */
const auditAgainst = async (status: number, answer: object): Promise<{ code: number; said: string }> => {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const env = {
    ...process.env,
    pnpm_config_registry: `http://127.0.0.1:${port}/`,
    pnpm_config_fetch_retries: '0',
  };
  const ended = new Promise<{ code: number; said: string }>((resolve) => {
    execFile(process.execPath, [program], { env }, (error, _, said) =>
      resolve({ code: Number(error?.code ?? 0), said }),
    );
  });
  const outcome = await ended;
  server.close();
  return outcome;
};

test('a registry that knows of nothing is a pass', async () => {
  expect(await auditAgainst(200, {})).toEqual({ code: 0, said: '' });
});

test.each(['high', 'critical'])(
  'a known vulnerability that is %s fails, with package and address',
  async (severity) => {
    const { code, said } = await auditAgainst(200, advisory(severity));
    expect(code).toBe(1);
    expect(said).toMatch(
      new RegExp(`^fastify [\\d.]+ \\(${severity}\\): Takes what .* https://advisories\\.example/1`),
    );
  },
);

test('a lower one is none', async () => {
  expect((await auditAgainst(200, advisory('moderate'))).code).toBe(0);
});

test('a registry that does not answer is told as that, and is no pass', async () => {
  const { code, said } = await auditAgainst(405, {});
  expect(code).toBe(notAsked);
  expect(said).toMatch(/^not asked: the registry did not answer \(.*405/);
  for (const text of ['', '{}', '{"advisories":{}}', '<html>', '{"error":{"code":"X"}}'])
    expect(auditVerdict({ text, complaint: '' }).code, text).toBe(notAsked);
});
