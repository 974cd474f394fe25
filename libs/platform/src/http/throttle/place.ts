import ipaddr from 'ipaddr.js';

const MAX_LENGTH = 45;

/** Where requests come from, for counting: whoever has an IPv6 address usually has the whole /64 around it. */
export function placeOf(address: string): string {
  if (/^[\d.]+$/.test(address)) return address.slice(0, MAX_LENGTH);
  if (!ipaddr.isValid(address)) return address.slice(0, MAX_LENGTH);
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const [a, b, c, d] = (parsed as ipaddr.IPv6).parts;
  return new ipaddr.IPv6([a!, b!, c!, d!, 0, 0, 0, 0]).toString() + '/64';
}
