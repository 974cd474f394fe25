import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Our own release, from the package; unlike `API_VERSION`, which is what clients compare. */
export const RELEASE: string = findVersion(__dirname);

/** The compiled file lies deeper than the source: the first package.json on the way up is ours. */
function findVersion(folder: string): string {
  try {
    return (JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string }).version;
  } catch (error) {
    if (path.dirname(folder) === folder) throw error;
    return findVersion(path.dirname(folder));
  }
}
