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

function tlsText(error: unknown, code: string): string {
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'http: server gave HTTP response to HTTPS client';
  const reason = (error as { reason?: string }).reason ?? (error as Error).message;
  // OpenSSL: "tlsv13 alert certificate required", "sslv3 alert handshake failure"
  const alert = /\balert (.+)/.exec(reason)?.[1];
  return alert ? `remote error: tls: ${alert}` : `tls: ${reason}`;
}
