import { asInternalFault, codeOf, isOurFault } from './faults';
import { syscallText } from './dial';
import { OutboundError } from './types';

export const DEADLINE = 'context deadline exceeded';

/** Where a request stood when it failed. */
export interface FailureSite {
  signal: AbortSignal;
  /** Both ends of the connection, once there was one: `192.0.2.1:50412->192.0.2.7:443`. */
  path?: string;
}

/** The words for a request that failed, as existing deployments know them. @throws InternalFault for faults of ours */
export function describeFailure(error: unknown, site: FailureSite): string {
  if (isOurFault(error)) throw asInternalFault(error);
  if (site.signal.aborted) return DEADLINE;
  if (error instanceof OutboundError) return error.message;
  const code = codeOf(error);
  if (code.startsWith('ERR_SSL_')) return tlsText(error, code);
  if (code.startsWith('HPE_')) return parserText(error as ParserError);
  switch (code) {
    case 'ECONNRESET':
      // Node reports a connection that ended during the handshake as a reset.
      if (!(error as NodeJS.ErrnoException).syscall) return 'EOF';
      return `read tcp ${site.path}: read: ${syscallText(error)}`;
    case 'EPIPE':
      return `write tcp ${site.path}: write: ${syscallText(error)}`;
    default:
      return syscallText(error);
  }
}

/** What was received is no HTTP/1.x. */
export function brokenTransport(problem: string): OutboundError {
  return new OutboundError(`net/http: HTTP/1.x transport connection broken: ${problem}`);
}

/** Of llhttp, as `node:http` tells it. */
interface ParserError extends NodeJS.ErrnoException {
  reason?: string;
  /** What had come last when it gave up. */
  rawPacket?: Buffer;
}

const MAX_QUOTED = 80;

function parserText({ code, reason, rawPacket, message }: ParserError): string {
  if (code === 'HPE_HEADER_OVERFLOW') return 'net/http: server response headers are too long';
  if (code !== 'HPE_INVALID_CONSTANT') return brokenTransport(`malformed HTTP response: ${reason ?? message}`).message;
  const [line = ''] = (rawPacket ?? '').toString('utf8').split(/\r?\n/, 1);
  return brokenTransport(`malformed HTTP response ${JSON.stringify(line.slice(0, MAX_QUOTED))}`).message;
}

function tlsText(error: unknown, code: string): string {
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'http: server gave HTTP response to HTTPS client';
  const reason = (error as { reason?: string }).reason ?? (error as Error).message;
  // OpenSSL: "tlsv13 alert certificate required", "sslv3 alert handshake failure"
  const alert = /\balert (.+)/.exec(reason)?.[1];
  return alert ? `remote error: tls: ${alert}` : `tls: ${reason}`;
}
