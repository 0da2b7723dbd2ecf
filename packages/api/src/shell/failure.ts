import { problem } from '../core/problem.ts';

/** An answer that is an error: thrown by a route, told as `application/problem+json`. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(statusCode: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.statusCode = statusCode;
    this.headers = headers;
  }

  details() {
    return problem(this.statusCode, this.message);
  }
}
