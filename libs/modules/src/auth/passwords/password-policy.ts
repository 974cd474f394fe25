const MIN_BYTES = 8;
const SPECIAL = '!@#$%^&*()_+-=[]{}|;:,.<>?';

export const PASSWORD_RULE =
  'Password must be at least 8 characters long and contain uppercase, lowercase, number, and special character';

/** Letters and numbers of any script; of the symbols only those that the existing clients know count. */
export function isStrongPassword(text: string): boolean {
  return (
    Buffer.byteLength(text) >= MIN_BYTES &&
    /\p{Lu}/u.test(text) &&
    /\p{Ll}/u.test(text) &&
    /\p{N}/u.test(text) &&
    [...text].some((char) => SPECIAL.includes(char))
  );
}
