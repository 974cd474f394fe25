// `npm run migrate -- up | down [--to NAME] | status`: everything that a fresh clone needs, then the migrations.
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root } from './prepare.mjs';

requireNode();
ensureInstalled();
ensureBuilt();
createRequire(import.meta.url)(path.join(root, 'dist', 'migrate', 'main.js'));
