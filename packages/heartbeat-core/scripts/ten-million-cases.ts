import { properties } from '../test/properties.ts';

// The property tests at length: node --conditions=@sentinel/source scripts/ten-million-cases.ts [cases]
const cases = Number(process.argv[2] ?? 10_000_000);
const atOnce = 100_000;

for (const [title, { run, share }] of Object.entries(properties)) {
  const started = performance.now();
  const wanted = Math.ceil(cases * share);
  for (let done = 0; done < wanted; done += atOnce) run(Math.min(atOnce, wanted - done));
  process.stdout.write(
    `${title}: ${wanted} cases held, ${Math.round((performance.now() - started) / 1000)} s\n`,
  );
}
