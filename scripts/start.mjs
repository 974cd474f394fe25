// `npm start`: everything that a fresh clone needs, then the server, in this process so that signals reach it.
// `npm run start:api` and the like: the same with one of the services.
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, requireNode, root } from './prepare.mjs';

const [service = 'standalone'] = process.argv.slice(2);

requireNode();
ensureInstalled();
ensureBuilt();
createRequire(import.meta.url)(path.join(root, 'dist', service, 'main.js'));
