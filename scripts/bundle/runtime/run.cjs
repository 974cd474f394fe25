// Runs a bundle with what V8 compiled it to at an earlier start, which halves the time.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { Script } = require('node:vm');
const codeCache = require('./code-cache.cjs');

/**
 * @param {string} folder where the bundle is
 * @param {string} name its file; other code has another name
 * @returns {any} what it exports; `started` is the promise of an app that it is up
 */
exports.run = function run(folder, name) {
  const file = path.join(folder, name);
  traceToSources(file);
  const source = fs.readFileSync(file, 'latin1'); // all is ASCII (bundle.mjs)
  const cachedData = codeCache.read(file, source.length);
  const script = new Script(Module.wrap(source), { filename: file, cachedData });
  const module = new Module(file, null);
  module.filename = file;
  module.paths = Module._nodeModulePaths(folder);
  const required = Module.createRequire(file);
  script.runInThisContext().call(module.exports, module.exports, required, module, file, folder);
  if (!cachedData || script.cachedDataRejected) {
    // Now it holds every function that a start needs, and hardly another.
    const write = () => codeCache.write(file, source.length, script);
    module.exports.started?.then(write, () => {}); // an app that did not start has said why
  }
  return module.exports;
};

/** Stack traces name the sources; their map is read when the first is wanted. */
function traceToSources(file) {
  let format;
  Error.prepareStackTrace = (error, callSites) => {
    format ??= require('./stack-traces.cjs').formatter(file);
    return format(error, callSites);
  };
}
