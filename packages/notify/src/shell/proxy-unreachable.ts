/** A proxy that could not be reached, or did not answer. */
export class ProxyUnreachable extends Error {
  override readonly name = 'ProxyUnreachable';
  /** Its address without user and password. */
  readonly proxy: string;
  readonly code: string;

  constructor(proxy: string, code: string) {
    super('the proxy does not connect');
    this.proxy = proxy;
    this.code = code;
  }
}
