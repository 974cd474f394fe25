/**
 * Query parameters as clients of this API know them: the first of repeated ones counts, a pair that holds `;` or a
 * broken escape is dropped, `+` is a blank.
 */
export function parseQueryString(text: string): Record<string, string> {
  const query = Object.create(null) as Record<string, string>;
  if (!text) return query;
  for (const pair of text.split('&')) {
    if (!pair || pair.includes(';')) continue;
    const at = pair.indexOf('=');
    try {
      const key = decode(at < 0 ? pair : pair.slice(0, at));
      if (!(key in query)) query[key] = at < 0 ? '' : decode(pair.slice(at + 1));
    } catch {
      // a malformed percent-escape: as if the pair were not there
    }
  }
  return query;
}

function decode(text: string): string {
  return /[%+]/.test(text) ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
}
