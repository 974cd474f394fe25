// Makes dist/: for each app a folder with its code and that of its packages in one file (docs/architecture.md).
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { APPS } from './bundle/apps.mjs';
import { DIST, bundle } from './bundle/bundle.mjs';

const started = new Date();
rmSync(DIST, { recursive: true, force: true });
try {
  await bundle(Object.fromEntries(APPS.map((name) => [name, `apps/${name}/src/main.ts`])));
} catch {
  process.exit(1);
}
// What `npm start` compares the sources with; one that was saved meanwhile is newer.
const mark = path.join(DIST, '.built');
writeFileSync(mark, '');
utimesSync(mark, started, started);
