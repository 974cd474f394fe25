// Writes openapi.json from the running application; with --check, only says whether the committed one is the same.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tools } from './bundle/tools.mjs';
import { root } from './prepare.mjs';

const { RELEASE, createApiDocument, createApp, loadEnv } = await tools();
const folder = mkdtempSync(path.join(tmpdir(), 'peekaping-openapi-'));
const app = await createApp(loadEnv({ DB_NAME: path.join(folder, 'openapi.db'), LOG_LEVEL: 'error' }));
await app.init();
const text = `${JSON.stringify(await createApiDocument(app, { version: RELEASE }), null, 2)}\n`;
await app.close();
rmSync(folder, { recursive: true });

const file = path.join(root, 'openapi.json');
if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  console.error('openapi.json is not what the code says: run npm run openapi and read its diff as a client would');
  process.exit(1);
}
process.exit(0);
