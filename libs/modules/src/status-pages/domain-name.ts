import { domainToASCII } from 'node:url';

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * A host name as browsers spell it: trimmed, lower case, ASCII, without the dot of the root. Null for what is none,
 * such as one with a scheme, a port or a path.
 */
export function toDomain(text: string): string | null {
  const trimmed = text.trim().toLowerCase().replace(/\.$/, '');
  // What is ASCII already stays as it is: Node would read `1.2` as an address.
  const domain = /^[\x20-\x7e]*$/.test(trimmed) ? trimmed : domainToASCII(trimmed);
  const isName = domain.length <= 253 && domain.split('.').every((label) => LABEL.test(label));
  return isName ? domain : null;
}
