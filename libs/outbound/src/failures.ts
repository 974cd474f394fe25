import { asInternalFault, codeOf, isOurFault } from './faults';
import { syscallText } from './dial';
import { OutboundError } from './types';

export const DEADLINE = 'context deadline exceeded';

/** Where a request stood when it failed. */
export interface FailureSite {
  signal: AbortSignal;
  /** Both ends of the connection, once there was one: `192.0.2.1:50412->192.0.2.7:443`. */
  path?: string;
  phase: 'request' | 'body';
}

/** The words for a request that failed, as existing deployments know them. @throws InternalFault for faults of ours */
export function describeFailure(error: unknown, site: FailureSite): string {
  if (isOurFault(error)) throw asInternalFault(error);
  if (site.signal.aborted) return DEADLINE;
  if (error instanceof OutboundError) return error.message;
  const code = codeOf(error);
  if (code.startsWith('ERR_SSL_')) return tlsText(error, code);
  if ((error as Error).name === 'HTTPParserError') return brokenTransport(malformed(error));
  switch (code) {
    case 'ECONNRESET':
      // Node reports a connection that ended during the handshake as a reset.
      if (!(error as NodeJS.ErrnoException).syscall) return 'EOF';
      return `read tcp ${site.path}: read: ${syscallText(error)}`;
    case 'EPIPE':
      return `write tcp ${site.path}: write: ${syscallText(error)}`;
    case 'UND_ERR_SOCKET':
      return site.phase === 'body' ? 'unexpected EOF' : socketText(error);
    case 'ERR_ASSERTION': // undici, at a 101 that nobody asked for
      return brokenTransport('unexpected switch of protocols');
    case 'UND_ERR_HEADERS_OVERFLOW':
      return 'net/http: server response headers are too long';
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return 'unexpected EOF';
    default:
      return syscallText(error);
  }
}

/** Undici closes the connection itself when it gets what HTTP/1.1 does not allow (an unasked 100 or 101). */
function socketText(error: unknown): string {
  const message = (error as Error).message;
  return message === 'other side closed' ? 'EOF' : brokenTransport(message);
}

function brokenTransport(problem: string): string {
  return `net/http: HTTP/1.x transport connection broken: ${problem}`;
}

function tlsText(error: unknown, code: string): string {
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'http: server gave HTTP response to HTTPS client';
  const reason = (error as { reason?: string }).reason ?? (error as Error).message;
  // OpenSSL: "tlsv13 alert certificate required", "sslv3 alert handshake failure"
  const alert = /\balert (.+)/.exec(reason)?.[1];
  return alert ? `remote error: tls: ${alert}` : `tls: ${reason}`;
}

/** "Response does not match the HTTP/1.1 protocol (Invalid status code)"; `data` starts where it went wrong. */
function malformed(error: unknown): string {
  const { message, data = '' } = error as { message: string; data?: string };
  const reason = /\((.+)\)/.exec(message)?.[1] ?? message;
  if (!reason.startsWith('Expected HTTP/')) return `malformed HTTP response: ${reason}`;
  const [line = ''] = data.split(/\r?\n/, 1);
  return `malformed HTTP response ${JSON.stringify(line.slice(0, 80))}`;
}
