// `npm run admin -- reset-password EMAIL [--stdin] [--disable-2fa]`: everything that a fresh clone needs, then the command.
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root } from './prepare.mjs';

requireNode();
ensureInstalled();
ensureBuilt();
createRequire(import.meta.url)(path.join(root, 'dist', 'admin', 'main.js'));
