/** A request as it goes over the wire; redirects change it from hop to hop. */
export interface Hop {
  url: URL;
  method: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body?: string | Uint8Array;
  /** Protocol to switch to (RFC 9110 7.8); then a 101 is a response like any other. */
  upgrade?: string;
}

const METHOD_CHANGING = new Set([301, 302, 303]);
const METHOD_KEEPING = new Set([307, 308]);
const SECRET_HEADERS = ['authorization', 'www-authenticate', 'cookie', 'cookie2', 'proxy-authorization'];
const BODY_HEADERS = ['content-type', 'content-encoding', 'content-language', 'content-location'];

/** Where a response sends us; null when it is the final one. */
export function redirectLocation(status: number, headers: Record<string, string>): string | null {
  const follows = METHOD_CHANGING.has(status) || METHOD_KEEPING.has(status);
  return follows ? headers['location'] || null : null;
}

/**
 * The next request. `first` is the one the user asked for: its secrets go no further than that host and those below
 * it, and never from https to http; once dropped they stay dropped, because each hop is made from the one before.
 * @throws TypeError for a location that is no URL
 */
export function nextHop(hop: Hop, status: number, location: string, first: Hop): Hop {
  const target = new URL(location, hop.url);
  const downgrade = hop.url.protocol === 'https:' && target.protocol !== 'https:';
  const { referer: _, ...headers } = hop.headers;
  if (!isWithin(target, first.url) || downgrade) drop(headers, SECRET_HEADERS);
  // A Host of the user's own names the site at this address; an absolute Location names another one.
  if (isAbsolute(location)) drop(headers, ['host']);
  if (!downgrade) headers['referer'] = first.headers['referer'] ?? refererOf(hop.url);
  if (METHOD_KEEPING.has(status)) return { ...hop, url: target, headers };
  drop(headers, BODY_HEADERS);
  return { url: target, method: hop.method === 'HEAD' ? 'HEAD' : 'GET', headers };
}

/** The same host, or one below it. */
export function isWithin(target: URL, first: URL): boolean {
  return target.hostname === first.hostname || target.hostname.endsWith(`.${first.hostname}`);
}

function isAbsolute(location: string): boolean {
  return /^([a-z][a-z0-9+.-]*:|\/\/|\\\\)/i.test(location);
}

function refererOf(url: URL): string {
  return `${url.origin}${url.pathname}${url.search}`;
}

function drop(headers: Record<string, string>, names: readonly string[]): void {
  for (const name of names) delete headers[name];
}
