// Compiles every app and lib into dist/ with SWC, aliases rewritten. What `nest build` does, without its start-up time.
import { rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const nest = path.join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [nest, 'build', 'standalone'], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
