import { statSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files in `test/` start processes and browsers; those in `src/` are done in a moment. */
const waits = ({ moduleId }: TestSpecification) => moduleId.includes('/test/');

/**
 * Begins with the files that take long, whichever project they are of: Vitest's own order takes one project after the
 * other, and the longest file of the last one is waited for alone. How long a file took is known from the second run
 * on; before that a larger one goes first.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const took = (file: TestSpecification) => this.ctx.cache.getTestSpecificationResult(file)?.duration ?? 0;
    const size = ({ moduleId }: TestSpecification) => statSync(moduleId).size;
    const sorted = await super.sort(files);
    return [
      ...sorted.filter(waits).sort((one, other) => took(other) - took(one) || size(other) - size(one)),
      ...sorted.filter((file) => !waits(file)),
    ];
  }
}
