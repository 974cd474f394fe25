import { OutboundError } from './types';

/** They describe the connection or the framing of the body, which are ours. */
const OURS = new Set(['connection', 'content-length', 'expect', 'keep-alive', 'transfer-encoding']);

/**
 * Headers of a caller as they go over the wire: names in lower case, values as UTF-8.
 * @throws OutboundError for what no header can hold
 */
export function prepareHeaders(given: Record<string, string>): Record<string, string> {
  const prepared: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
      throw new OutboundError(`net/http: invalid header field name ${JSON.stringify(name)}`);
    }
    const octets = asOctets(value);
    if (/[^\t\x20-\x7e\x80-\xff]/.test(octets)) {
      throw new OutboundError(`net/http: invalid header field value for ${JSON.stringify(name)}`);
    }
    if (!OURS.has(name.toLowerCase())) prepared[name.toLowerCase()] = octets;
  }
  return prepared;
}

/** UTF-8, one character per byte. */
function asOctets(text: string): string {
  return /^[\t -~]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** Headers as received (name, value, name, value): names in lower case, repeated ones joined with ", ". */
export function joinHeaders(received: readonly string[]): Record<string, string> {
  const joined: Record<string, string> = {};
  for (let i = 0; i < received.length; i += 2) {
    const name = received[i]!.toLowerCase();
    const value = receivedText(received[i + 1]!);
    joined[name] = Object.hasOwn(joined, name) ? `${joined[name]}, ${value}` : value;
  }
  return joined;
}

/** Of one character per byte; what goes beyond ASCII is UTF-8 nowadays. */
export function receivedText(octets: string): string {
  return /[\x80-\xff]/.test(octets) ? Buffer.from(octets, 'latin1').toString('utf8') : octets;
}

/** Whether a caller gave this header; `name` in lower case. */
export function hasHeader(given: Record<string, string> | undefined, name: string): boolean {
  return given !== undefined && Object.keys(given).some((key) => key.toLowerCase() === name);
}

/** `Basic ...` from the userinfo of a URL, or null. */
export function credentialsOf({ username, password }: URL): string | null {
  if (!username && !password) return null;
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`;
}

/** For messages: the password, or a lone user name (which is then a token), replaced by `***`. */
export function maskedUrl(url: URL): string {
  if (!url.username && !url.password) return url.href;
  const masked = new URL(url);
  if (url.password) masked.password = '***';
  else masked.username = '***';
  return masked.href;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % stands for itself
  }
}
