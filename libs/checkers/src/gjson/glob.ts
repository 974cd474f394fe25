import type { Budget } from './budget';

/** Whether a pattern says anything but its own text. */
export function isPattern(text: string): boolean {
  return /[*?\\]/.test(text);
}

/** `*` is any text, `?` any character, and a backslash takes the special meaning from what follows. */
export function matchesGlob(text: string, pattern: string, budget: Budget): boolean {
  let at = 0;
  let next = 0;
  let star = -1; // the last `*`, and where the text that it covers ends so far
  let covered = 0;
  while (at < text.length) {
    budget.spend(1);
    const sign = pattern[next];
    if (sign === '*') {
      star = next++;
      covered = at;
    } else if (sign !== undefined && (sign === '?' || text[at] === literal(pattern, next))) {
      next += sign === '\\' ? 2 : 1;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++covered;
    } else {
      return false;
    }
  }
  while (pattern[next] === '*') next++;
  return next >= pattern.length;
}

/** Without the backslashes. */
export function unescapePattern(text: string): string {
  return text.replace(/\\(.)/gs, '$1');
}

function literal(pattern: string, at: number): string | undefined {
  return pattern[at] === '\\' ? pattern[at + 1] : pattern[at];
}
