// What esbuild leaves to be done in its output. Lines and columns stay where its map has them, but for letters that are
// escaped in packages.

/** Takes the place of esbuild's `__name`, and has as many letters. */
export const SAME = 'var __same = (it) => it;';

/** @param {string} code @returns {string} */
export function refine(code) {
  return escapeLetters(nameOnlyWhatNeedsIt(code));
}

/**
 * `keepNames` wraps every function in `__name(it, "name")`, those that a request makes anew each time too, and naming one
 * takes longer than running most of them. Classes need their names, and so does what esbuild had to call differently.
 * Arrow functions lose theirs; stack traces say in which line they are.
 */
function nameOnlyWhatNeedsIt(code) {
  return code.replace(/__name\((?!this,|([\w$]+),"(?!\1"))/g, '__same(');
}

/**
 * The letters in regular expressions, which stand there as they were written. With a single one, the source would take
 * two bytes for every character, and five times as long to read.
 */
function escapeLetters(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
