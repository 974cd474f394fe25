const { pathToFileURL } = require('node:url');
const path = require('node:path');

/** `npx jest` alone starts the servers as `npm test` does. */
module.exports = async () => {
  const { provideServers } = await import(pathToFileURL(path.join(__dirname, 'index.mjs')).href);
  globalThis.testServers = await provideServers();
};
