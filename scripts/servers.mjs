// Starts the servers of the tests and keeps them until Ctrl-C: node scripts/servers.mjs [NAME...]. Prints variables for
// a shell, so that many runs of Jest need only one start.
import { VARIABLES, startServers } from '../test/support/servers/index.mjs';

const names = process.argv.slice(2);
const { env, missing, stop } = await startServers(names.length > 0 ? names : Object.keys(VARIABLES));
for (const [name, url] of Object.entries(env)) console.log(`export ${name}='${url}'`);
console.log(`export TEST_SERVERS_MISSING='${JSON.stringify(missing).replaceAll("'", '')}'`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop().then(() => process.exit(0)));
setInterval(() => {}, 2 ** 30); // stays
