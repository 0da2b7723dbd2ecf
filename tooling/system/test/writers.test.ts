import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Reading, readHeartbeatOnce } from '@sentinel/heartbeat-core';
import { describe, expect, test } from 'vitest';
import { repository } from '../src/cache.ts';
import { lackOf, runFolder } from '../src/needs.ts';
import { attempt, sh } from '../src/sh.ts';

const lack = lackOf('compilers', 'writers in other languages');
const writers = join(repository, 'packages/writers');

/** A program in the language that beats once for each of its arguments behind the file, and says what came of it. */
const programs = {
  go: `package main

import (
	"bot/heartbeat"
	"fmt"
	"math"
	"os"
	"time"
)

func main() {
	beat := heartbeat.New(os.Args[1])
	at := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	stop, loss := false, -12.5
	exposure := &heartbeat.Exposure{
		Positions: []heartbeat.Position{{Symbol: "MCL", Side: "long", Quantity: 2, Stop: &stop}},
		Orders:    1, PnlDay: &loss, Currency: "USD",
	}
	for number, status := range os.Args[2:] {
		if status == "NaN" {
			exposure.Positions[0].Quantity = math.NaN()
		}
		err := beat.Update(heartbeat.Beat{
			Status: status, SessionActive: true, Source: "loop", Progress: int64(number),
			Halted: "daily\\nloss", NeedsPerson: "2FA \\"push\\"", Exposure: exposure,
			Feeds: map[string]time.Time{"md": at}, Expect: &heartbeat.Expectation{What: "close", By: at},
		})
		fmt.Println(err == nil)
	}
}
`,
  csharp: `using System;
public static class Program
{
    public static void Main(string[] args)
    {
        var beat = new SentinelHeartbeat(args[0]);
        var time = new DateTime(2026, 5, 6, 7, 8, 9, DateTimeKind.Utc);
        beat.Halted = "daily\\nloss";
        beat.NeedsPerson = "2FA \\"push\\"";
        beat.Positions = new[] { new SentinelPosition { Symbol = "MCL", IsLong = true, Quantity = 2, Stop = false } };
        beat.Orders = 1;
        beat.PnlDay = -12.5;
        beat.Currency = "USD";
        beat.Feeds = new System.Collections.Generic.Dictionary<string, DateTime> { { "md", time } };
        beat.Expect = "close";
        beat.ExpectBy = time;
        if (args[1] == "NaN") beat.Positions[0].Quantity = double.NaN;
        for (var at = 1; at < args.Length; at++) Console.WriteLine(beat.Update(args[at], true, "loop", at - 1).ToString().ToLower());
    }
}
`,
};

/** The command line that starts the compiled program. */
const build = {
  go: async (folder: string) => {
    mkdirSync(join(folder, 'heartbeat'));
    cpSync(join(writers, 'go/heartbeat.go'), join(folder, 'heartbeat/heartbeat.go'));
    writeFileSync(join(folder, 'go.mod'), 'module bot\n\ngo 1.16\n');
    writeFileSync(join(folder, 'main.go'), programs.go);
    const home = `HOME='${folder}' GOFLAGS=-mod=mod GOPROXY=off GOCACHE='${folder}/cache'`;
    expect(await sh(`gofmt -l '${writers}/go'`)).toBe('');
    await sh(`cd '${folder}' && ${home} go vet ./... && ${home} go build -o bot .`, { timeoutMs: 300_000 });
    return `'${folder}/bot'`;
  },
  csharp: async (folder: string) => {
    writeFileSync(join(folder, 'Program.cs'), programs.csharp);
    await sh(
      `cd '${folder}' && mcs -langversion:5 -warnaserror -out:bot.exe Program.cs '${writers}/csharp/SentinelHeartbeat.cs'`,
    );
    return `mono '${folder}/bot.exe'`;
  },
};

const recordOf = (reading: Reading) => {
  if (reading.kind !== 'beat') throw new Error(JSON.stringify(reading));
  return reading.record;
};

describe.skipIf(lack !== undefined)('a bot in another language', () => {
  test.each(['go', 'csharp'] as const)(
    '%s: its beats are read, and none that fails ends it',
    async (language) => {
      const folder = join(runFolder, `writer-${language}`);
      mkdirSync(folder, { recursive: true });
      const run = await build[language](folder);
      const file = join(folder, 'logs/heartbeat_status.txt');
      const from = Date.now() - 1000;
      const said = await sh(`${run} '${file}' '✅ On' '' '[WAIT] A "quoted" \\ one
two' '${'x'.repeat(5000)}'`);
      // No beat is lost for a status without text.
      expect(said.trim().split('\n')).toEqual(['true', 'true', 'true', 'true']);
      const record = recordOf(readHeartbeatOnce(file));
      expect(record).toMatchObject({
        sessionActive: true,
        seq: 4,
        source: 'loop',
        progress: 3,
        stopped: false,
      });
      expect(record.status).toHaveLength(1000);
      const at = Date.parse('2026-05-06T07:08:09Z');
      expect(record).toMatchObject({
        halted: 'daily loss',
        needsPerson: '2FA "push"',
        exposure: {
          positions: [{ symbol: 'MCL', side: 'long', quantity: 2, stop: false }],
          orders: 1,
          pnlDay: -12.5,
          currency: 'USD',
        },
        feeds: { md: at },
        expect: { what: 'close', by: at },
      });
      await sh(`${run} '${file}' NaN`);
      expect(
        recordOf(readHeartbeatOnce(file)).exposure,
        'half of it would look safer than it is',
      ).toBeUndefined();
      expect(record.pid).toBeGreaterThan(0);
      expect(record.updatedAt).toBeGreaterThan(from);
      expect(record.updatedAt).toBeLessThanOrEqual(Date.now());
      expect(record.host).toBe((await sh('uname -n')).trim());
      await sh(`${run} '${file}' '[WAIT] A "quoted" \\ one
two'`);
      expect(recordOf(readHeartbeatOnce(file)).status).toBe('⏳ A "quoted" \\ one two');
      // A path that cannot be written.
      const refused = await attempt(`${run} /proc/nothing/status.txt x`);
      expect(refused).toMatchObject({ code: 0, output: expect.stringContaining('false') });
      expect((await sh(`ls '${folder}/logs'`)).trim()).toBe('heartbeat_status.txt');
    },
  );

  test('the wheel is built from the repository, and what it installs beats', async () => {
    const folder = join(runFolder, 'wheel');
    await sh(
      `mkdir -p '${folder}' && cd '${folder}' && cp -r '${writers}/python' source && /usr/bin/python3 -m venv env`,
    );
    const pip = `cd '${folder}' && env/bin/python -m pip -q`;
    const index = await attempt(`${pip} download --no-deps -d tools 'flit_core>=4,<5'`, {
      timeoutMs: 300_000,
    });
    if (index.code !== 0)
      // As with the audit: an index that does not answer says nothing of the wheel.
      return console.log(
        `the wheel was not built: no Python index answers (${index.output.trim().split('\n').at(-1)})`,
      );
    await sh(
      `${pip} wheel ./source --no-deps -w . --find-links tools && env/bin/python -m pip -q install ./*.whl`,
      {
        timeoutMs: 300_000,
      },
    );
    await sh(
      `cd '${folder}' && env/bin/python -c 'from sentinel_heartbeat import *; update_heartbeat_status("✅ On")'`,
    );
    expect(recordOf(readHeartbeatOnce(join(folder, 'logs/heartbeat_status.txt'))).status).toBe('✅ On');
    const text = readFileSync(join(writers, 'python/sentinel_heartbeat.py'), 'utf8');
    const version = /__version__ = "(.+)"/.exec(text)?.[1];
    expect(await sh(`ls '${folder}'`)).toContain(`sentinel_heartbeat-${version}-py3-none-any.whl`);
  });
});
