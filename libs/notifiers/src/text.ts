/** At most `max` UTF-16 units, never half of a surrogate pair; what was cut shows as an ellipsis. */
export function truncate(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

const ELLIPSIS_BYTES = 3;

/** At most `max` bytes of UTF-8, never half of a character. */
export function truncateBytes(text: string, max: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= max) return text;
  let end = max - ELLIPSIS_BYTES;
  while ((bytes[end]! & 0xc0) === 0x80) end--; // a continuation byte: the character began before it
  return `${bytes.toString('utf8', 0, end)}…`;
}

/** Line breaks and other control characters become blanks. */
export function singleLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

/** Percent-decoded; a text with a stray `%` is meant literally. */
export function unescapePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
