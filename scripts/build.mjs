// Compiles every app and lib into dist/ (nest build with SWC; aliases become relative paths).
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './prepare.mjs';

const started = new Date().toISOString();
const nest = path.join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const { status, stdout } = spawnSync(process.execPath, [nest, 'build', 'standalone'], { cwd: root, encoding: 'utf8' });
if (status !== 0) {
  process.stdout.write(stdout);
  process.exit(1);
}
// What `npm start` compares the sources with.
writeFileSync(path.join(root, 'dist', '.built'), `${started}\n`);
