// esbuild plugins: TypeScript goes through SWC, and packages say what they require in words that esbuild knows.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/** Nest finds what to inject by the types of parameters, which esbuild would not write down. */
export const typescript = {
  name: 'typescript',
  async setup(build) {
    const { jsc } = JSON.parse(await readFile(path.join(root, '.swcrc'), 'utf8'));
    // Aliases are esbuild's, by tsconfig.json. ASCII: see bundle.mjs; here columns stay right.
    const options = { ...jsc, baseUrl: undefined, paths: undefined, output: { charset: 'ascii' } };
    build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const { code } = await transform(await readFile(file, 'utf8'), {
        filename: file,
        swcrc: false,
        configFile: false,
        jsc: options,
        module: { type: 'es6' }, // so that names of different files end up in one scope, without getters in between
        sourceMaps: 'inline',
      });
      return { contents: code, loader: 'js' };
    });
  },
};

/**
 * `import * as mongoose` would be a copy of mongoose that takes itself for one, but of which nothing can be set; as its
 * default import it is mongoose.
 */
export const wholeMongoose = {
  name: 'whole-mongoose',
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/]@nestjs[\\/]mongoose[\\/].*\.js$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, 'utf8')).replace(
        "import * as mongoose from 'mongoose'",
        "import mongoose from 'mongoose'",
      ),
      loader: 'js',
    }));
  },
};

/**
 * `createRequire(import.meta.url)('x')` would load a second copy of x beside the one in the bundle; `require('x')` takes
 * that one. (evanw/esbuild#1828)
 */
export const requires = {
  name: 'requires',
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/]@nestjs[\\/].*\.js$/ }, async ({ path: file }) => {
      const code = await readFile(file, 'utf8');
      if (!code.includes('createRequire(import.meta.url)')) return undefined;
      return {
        contents: code
          .replace(/^const require = createRequire\(import\.meta\.url\);$/m, '')
          .replace(/createRequire\(import\.meta\.url\)\((?=['"])/g, 'require('),
        loader: 'js',
      };
    });
  },
};
