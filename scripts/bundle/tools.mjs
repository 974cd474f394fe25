// The code of the server, for the scripts of this repository.
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { DIST, bundle } from './bundle.mjs';

/** @returns what `apps/standalone/src/tools.ts` exports, compiled anew */
export async function tools() {
  const folder = path.join(DIST, 'tools');
  rmSync(folder, { recursive: true, force: true });
  await bundle({ tools: 'apps/standalone/src/tools.ts' });
  return createRequire(import.meta.url)(path.join(folder, 'main.js'));
}
