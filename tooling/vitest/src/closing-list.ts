import type { Reporter, TestCase } from 'vitest/node';

/**
 * Names at the very end what failed, and what passed only when it was tried again: whoever reads a long output reads
 * its last lines.
 */
export class ClosingList implements Reporter {
  private readonly lines: string[] = [];

  onTestCaseResult(test: TestCase): void {
    const name = `${test.project.name}: ${test.fullName}`;
    const { flaky = false, retryCount = 0 } = test.diagnostic() ?? {};
    if (test.result().state === 'failed') this.lines.push(`failed  ${name}`);
    else if (flaky) this.lines.push(`flaky   ${name} (passed at try ${retryCount + 1}): a bug to be mended`);
  }

  onTestRunEnd(): void {
    if (this.lines.length > 0) process.stdout.write(`\n${this.lines.join('\n')}\n`);
  }
}
