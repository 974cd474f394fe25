import { foldCase } from '@app/core';
import { placeOf } from '@app/platform';

/** Something under which failures are counted, and how many times the usual limit it bears. */
export interface AttemptKey {
  key: string;
  share: number;
}

/** Many people may be behind one address. */
const PER_ADDRESS = 10;

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

/** The password of a status page, tried from an address. */
export function pageKey(address: string, statusPageId: string): AttemptKey {
  return { key: `page:${placeOf(address)}:${statusPageId}`, share: 1 };
}

/** Somebody signed in who has to show the password again. */
export function confirmKey(userId: string): AttemptKey {
  return { key: `confirm:${userId}`, share: 1 };
}
