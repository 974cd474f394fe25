module.exports = () => globalThis.testServers?.stop();
