import { foldCase } from '@app/core';

/** Letters beyond ASCII, as mail systems and domain names take them. */
const INTERNATIONAL = '\\u00a0-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\uffef';
const ATOM = `[a-zA-Z0-9!#$%&'*+/=?^_\`{|}~${INTERNATIONAL}-]+`;
/** RFC 5322 3.2.4, without folding: blanks inside are fine, quotes and backslashes are escaped. */
const QUOTED = `"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e${INTERNATIONAL}]|\\\\[\\x20-\\x7e])*"`;
const ALNUM = `[a-zA-Z0-9${INTERNATIONAL}]`;
const LABEL = `${ALNUM}(?:[a-zA-Z0-9${INTERNATIONAL}-]*${ALNUM})?`;
const LETTER = `[a-zA-Z${INTERNATIONAL}]`;
const TOP_LEVEL = `${LETTER}(?:[a-zA-Z0-9${INTERNATIONAL}-]*${LETTER})?`;
const ADDRESS = new RegExp(`^(?:${ATOM}(?:\\.${ATOM})*|${QUOTED})@(?:${LABEL}\\.)+${TOP_LEVEL}$`, 'u');

/** RFC 5321 4.5.3.1.3, less the angle brackets. */
const MAX_LENGTH = 254;

/** An address (RFC 5322) without a display name, whose domain has at least two labels and ends like a name. */
export function isEmail(text: string): boolean {
  return text.length <= MAX_LENGTH && ADDRESS.test(text) && foldCase(text).length <= MAX_LENGTH;
}
