import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import { createNodeResolver } from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';

/** Who may import whom (docs/architecture.md). A lib may import the listed aliases and its own files. */
const MAY_IMPORT = {
  core: [],
  outbound: ['core'],
  checkers: ['core', 'outbound'],
  notifiers: ['core', 'outbound'],
  persistence: ['core'],
  messaging: ['core'],
  platform: ['core'],
  modules: ['core', 'platform', 'checkers', 'notifiers', 'outbound', 'modules'],
  pipeline: ['core', 'platform', 'modules', 'checkers', 'notifiers', 'outbound'],
};
const LIBS = Object.keys(MAY_IMPORT);
const NO_FRAMEWORK = ['core', 'outbound', 'checkers', 'notifiers'];

const boundaries = LIBS.map((lib) => {
  const forbidden = LIBS.filter((other) => !MAY_IMPORT[lib].includes(other));
  const patterns = forbidden.flatMap((other) => [`@app/${other}`, `@app/${other}/*`]);
  if (NO_FRAMEWORK.includes(lib)) patterns.push('@nestjs/*', 'typeorm', 'mongoose', 'ioredis', 'bullmq', 'fastify');
  return {
    files: [`libs/${lib}/src/**/*.ts`],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [...patterns, '../../../*/src/**'],
              message: `libs/${lib} may not know this; see docs/architecture.md`,
            },
          ],
        },
      ],
    },
  };
});

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'coverage', 'data', 'bench-results'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.json' }), createNodeResolver()],
    },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Only main.ts reads process.env',
        },
      ],
    },
  },
  ...boundaries,
  { files: ['apps/*/src/main.ts', 'test/**/*.ts', '**/*.spec.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['test/**/*.ts', '**/*.spec.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'readonly',
        __dirname: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        Buffer: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
        performance: 'readonly',
      },
    },
  },
);
