// Runs database servers until its standard input ends, so that they never outlive whoever asked for them:
// node supervisor.mjs NAME... . The first line of its output tells URLs and what is missing; then every line of the
// input is a command (`stop postgres`, `kill postgres`, `start postgres`) that is answered by one line.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Missing } from './machine.mjs';
import { SERVERS } from './servers.mjs';
import { Service } from './service.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'peekaping-servers-'));
chmodSync(folder, 0o755); // some servers run as another user
const services = new Map();
const kinds = SERVERS.filter(({ name }) => process.argv.includes(name));
for (const kind of kinds) services.set(kind.name, new Service(kind, folder));

let ending;
const end = () => (ending ??= cleanUp());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);

const input = createInterface({ input: process.stdin });
let last = begin();
input.on('line', (line) => {
  last = last.then(() => obey(line)).then(answer, (error) => answer({ error: error.message }));
});
input.on('close', end);

async function begin() {
  const env = {};
  const missing = {};
  await Promise.all(
    [...services.values()].map(async (service) => {
      try {
        env[service.kind.variable] = await service.create();
      } catch (error) {
        missing[service.kind.name] = error instanceof Missing ? error.message : String(error);
      }
    }),
  );
  answer({ env, missing });
}

async function obey(line) {
  const [command, name] = line.split(' ');
  const service = services.get(name);
  if (!service || !['start', 'stop', 'kill'].includes(command)) throw new Error(`Unknown command: ${line}`);
  await service[command]();
  return { done: line };
}

function answer(message) {
  if (!ending) process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function cleanUp() {
  await Promise.all([...services.values()].map((service) => service.kill()));
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}
