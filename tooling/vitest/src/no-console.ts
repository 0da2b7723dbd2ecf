import { afterEach, beforeEach, expect, vi } from 'vitest';

// Libraries speak through handlers that their caller passes in: a console call in a test is a bug.
const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;
let calls: unknown[][] = [];

beforeEach(() => {
  calls = [];
  for (const method of methods)
    vi.spyOn(console, method).mockImplementation((...args) => {
      calls.push([method, ...args]);
    });
});

afterEach(() => {
  for (const method of methods) vi.mocked(console[method]).mockRestore?.();
  expect(calls, 'console was called: pass a handler or a logger in instead').toEqual([]);
});
