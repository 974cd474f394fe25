// What V8 compiled a bundle to, in a file beside it. It is worth half a second and nothing else: whatever is wrong with
// the file or its folder, the app starts without.
const { createHash } = require('node:crypto');
const fs = require('node:fs');

const DIGEST = 'sha1'; // against a damaged disk, not against people: who can write here can write the bundle
const DIGEST_BYTES = 20;

/**
 * V8 refuses what another version or other flags of it made, but of the source it compares no more than the length; and
 * it trusts the bytes, so they have to be whole.
 * @returns {Buffer | undefined}
 */
exports.read = function read(file, sourceLength) {
  try {
    const content = fs.readFileSync(nameFor(file));
    const data = content.subarray(DIGEST_BYTES);
    return digest(data, sourceLength).equals(content.subarray(0, DIGEST_BYTES)) ? data : undefined;
  } catch {
    return undefined;
  }
};

/** @param {import('node:vm').Script} script that ran */
exports.write = function write(file, sourceLength, script) {
  const name = nameFor(file);
  const unfinished = `${name}.${process.pid}`;
  try {
    fs.accessSync(require('node:path').dirname(name), fs.constants.W_OK);
    const data = script.createCachedData();
    fs.writeFileSync(unfinished, Buffer.concat([digest(data, sourceLength), data]), { flush: true });
    fs.renameSync(unfinished, name); // others may start or write at the same time
  } catch {
    fs.rmSync(unfinished, { force: true });
  }
};

/** Each version has its own, so that two in turn do not overwrite each other's. */
function nameFor(file) {
  return `${file}.${process.version}-${process.arch}.cache`;
}

function digest(data, sourceLength) {
  return createHash(DIGEST).update(`${sourceLength}\n`).update(data).digest();
}
