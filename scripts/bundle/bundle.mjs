// One file of JavaScript out of TypeScript and packages.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { EXTERNAL } from './external.mjs';
import { requires, root, typescript, wholeMongoose } from './plugins.mjs';
import { SAME, refine } from './refine.mjs';

export const DIST = path.join(root, 'dist');

/**
 * Bundles each entry into `<folder>/<name>/`, where `main.js` runs it.
 * @param {Record<string, string>} entries source by name
 * @throws Error when it does not compile; esbuild has printed why
 */
export async function bundle(entries, folder = DIST) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: folder,
    entryNames: '[name]/[name]-[hash]',
    bundle: true,
    platform: 'node',
    format: 'cjs', // V8 keeps compiled code of scripts only
    target: 'node20',
    supported: { 'dynamic-import': false }, // what is in the bundle comes from there, and the rest by require()
    external: EXTERNAL,
    plugins: [typescript, wholeMongoose, requires],
    banner: { js: `${SAME} var import_meta_url = require('node:url').pathToFileURL(__filename).href;` },
    define: { 'import.meta.url': 'import_meta_url' },
    keepNames: true, // errors, loggers and tables are called by their classes
    minifyWhitespace: true, // a source stays in memory
    lineLimit: 160,
    legalComments: 'external',
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  });
  cpSync(path.join(root, 'scripts', 'bundle', 'runtime'), path.join(folder, 'runtime'), { recursive: true });
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (!entryPoint) continue;
    const { dir, base } = path.parse(path.join(root, file));
    const code = path.join(dir, base);
    writeFileSync(code, refine(readFileSync(code, 'utf8')));
    writeFileSync(
      path.join(dir, 'main.js'),
      `module.exports = require('../runtime/run.cjs').run(__dirname, '${base}');\n`,
    );
  }
}
