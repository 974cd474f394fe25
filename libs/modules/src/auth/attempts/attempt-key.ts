import { foldCase } from '@app/core';
import ipaddr from 'ipaddr.js';

/** Something under which failures are counted, and how many times the usual limit it bears. */
export interface AttemptKey {
  key: string;
  share: number;
}

/** Many people may be behind one address. */
const PER_ADDRESS = 10;

const MAX_ADDRESS_LENGTH = 45;

/** An account seen from an address, and the address on its own. */
export function loginKeys(address: string, email: string): { account: AttemptKey; address: AttemptKey } {
  const place = placeOf(address);
  return {
    account: { key: `account:${place}:${foldCase(email)}`, share: 1 },
    address: { key: `address:${place}`, share: PER_ADDRESS },
  };
}

/** Codes of a user, from wherever they are tried. */
export function codeKey(userId: string): AttemptKey {
  return { key: `code:${userId}`, share: 1 };
}

/** Somebody signed in who has to show the password again. */
export function confirmKey(userId: string): AttemptKey {
  return { key: `confirm:${userId}`, share: 1 };
}

/** Whoever has an IPv6 address usually has the whole /64 around it. */
function placeOf(address: string): string {
  if (!ipaddr.isValid(address)) return address.slice(0, MAX_ADDRESS_LENGTH);
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const [a, b, c, d] = (parsed as ipaddr.IPv6).parts;
  return new ipaddr.IPv6([a!, b!, c!, d!, 0, 0, 0, 0]).toString() + '/64';
}
