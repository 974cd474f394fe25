import { createDialer } from './dial';
import type { Lookup } from './dial';
import { sendHttp } from './http';
import { parseTargetPolicy } from './target-policy';
import { defaultSecureContext } from './tls';
import type { Outbound, TargetPolicy } from './types';

export interface OutboundOptions {
  /** Default: that of an empty `TARGET_POLICY`. */
  policy?: TargetPolicy;
  /** `User-Agent` of requests that bring none. */
  userAgent?: string;
  /** PEM certificates that are trusted besides the public ones. */
  extraRoots?: readonly string[];
  /** Default: the system's resolver. */
  lookup?: Lookup;
}

/** The way out of this process. One is enough: it holds nothing but settings. */
export function createOutbound(options: OutboundOptions = {}): Outbound {
  const dialer = createDialer(options.policy ?? parseTargetPolicy(''), options.lookup);
  const settings = {
    dialer,
    defaultContext: defaultSecureContext(options.extraRoots),
    userAgent: options.userAgent ?? 'peekaping/0.0.46',
  };
  return {
    http: (request) => sendHttp(request, settings),
    connect: (target) => dialer.connect(target),
    resolve: (host, signal) => dialer.resolve(host, signal),
  };
}
