// `npm run backup -- FILE`: everything that a fresh clone needs, then the backup.
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root } from './prepare.mjs';

requireNode();
ensureInstalled();
ensureBuilt();
createRequire(import.meta.url)(path.join(root, 'dist', 'backup', 'main.js'));
