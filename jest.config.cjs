const fs = require('node:fs');
const path = require('node:path');

/** Packages whose files are ES modules: Jest on Node 20 cannot require those, so they are transformed. */
function esmPackages(root) {
  const names = [];
  for (const name of fs.readdirSync(root)) {
    if (name.startsWith('.')) continue;
    const folders = name.startsWith('@') ? fs.readdirSync(path.join(root, name)).map((n) => `${name}/${n}`) : [name];
    for (const folder of folders) {
      const file = path.join(root, folder, 'package.json');
      if (!fs.existsSync(file)) continue;
      if (JSON.parse(fs.readFileSync(file, 'utf8')).type === 'module') names.push(folder);
      const nested = path.join(root, folder, 'node_modules');
      if (fs.existsSync(nested)) names.push(...esmPackages(nested).map((n) => `${folder}/node_modules/${n}`));
    }
  }
  return names;
}

const { paths } = JSON.parse(fs.readFileSync(path.join(__dirname, 'tsconfig.json'), 'utf8')).compilerOptions;
const moduleNameMapper = Object.fromEntries(
  Object.entries(paths).map(([alias, [target]]) => [
    `^${alias.replace('*', '(.*)')}$`,
    `<rootDir>/${target.replace(/^\.\//, '').replace('*', '$1')}`,
  ]),
);

const common = { target: 'es2022', keepClassNames: true };
const typescript = {
  swcrc: false,
  jsc: {
    ...common,
    parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};
const javascript = { swcrc: false, jsc: { ...common, parser: { syntax: 'ecmascript' } }, module: { type: 'commonjs' } };

const esm = esmPackages(path.join(__dirname, 'node_modules'));
const project = (name, testMatch, extra = {}) => ({
  displayName: name,
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch,
  moduleNameMapper,
  transform: { '^.+\\.ts$': ['@swc/jest', typescript], '^.+\\.m?js$': ['@swc/jest', javascript] },
  transformIgnorePatterns: [`/node_modules/(?!(?:${esm.map((n) => `${n}/`).join('|')}))`],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  setupFiles: ['reflect-metadata'],
  ...extra,
});

const servers = {
  globalSetup: '<rootDir>/test/support/servers/jest-setup.cjs',
  globalTeardown: '<rootDir>/test/support/servers/jest-teardown.cjs',
};

/** Black boxes that would say the same on every engine. Everything that reads or writes what is stored is not here. */
const ONE_ENGINE_IS_ENOUGH = [
  'chaos/backup', // of the SQLite file
  'chaos/bundle', // what the build made
  'chaos/cluster', // the services share a SQLite file
  'chaos/sqlite-faults', // full disk, file modes
  'chaos/start', // the file and the port: what keeps a server with a SQLite file from starting
  'e2e/conventions', // headers, CORS, unknown routes, bodies that cannot be read: nothing gets as far as the storage
  'e2e/replay/badges', // as the next one
  'e2e/replay/monitor-heartbeats-and-stats', // writes the recorded history into the tables of SQLite itself
  'e2e/engine-certificates', // what a checker sees of a TLS handshake
  'e2e/realtime', // sockets: rooms, framing, backpressure
  'e2e/throttle', // counters of the process
];

/** What only an engine with a server of its own can do. */
const NEEDS_A_SERVER = ['chaos/database-server'];

const e2eOn = (engine) =>
  project(
    engine === 'sqlite' ? 'e2e' : `e2e-${engine}`,
    ['<rootDir>/test/e2e/**/*.spec.ts', '<rootDir>/test/chaos/**/*.spec.ts'],
    {
      ...servers,
      globals: { TEST_ENGINE: engine },
      setupFilesAfterEnv: ['<rootDir>/test/support/skip-absent.ts'],
      testPathIgnorePatterns: (engine === 'sqlite' ? NEEDS_A_SERVER : ONE_ENGINE_IS_ENOUGH).map(
        (name) => `/test/${name}`,
      ),
    },
  );

module.exports = {
  projects: [
    project('unit', ['<rootDir>/libs/**/*.spec.ts', '<rootDir>/apps/**/*.spec.ts']),
    project('contract', ['<rootDir>/test/contract/**/*.spec.ts'], servers),
    ...require('./test/support/engines.json').map(e2eOn),
  ],
  testTimeout: 30_000,
};
