// `npm start`: everything that a fresh clone needs, then the server, in this process so that signals reach it.
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root } from './prepare.mjs';

requireNode();
ensureInstalled();
ensureBuilt();
createRequire(import.meta.url)(path.join(root, 'dist', 'standalone', 'main.js'));
