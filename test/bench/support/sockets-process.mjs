// Many sockets in the room of all monitors. Sends `ready` when they are in it; afterwards answers each message with
// how many heartbeats arrived, and how long a sample of them took, since the message before.
import { FrameClient } from './frames.mjs';

/** Sockets whose messages are parsed. */
const SAMPLED = 5;
const OPENING = 50;

let clients = [];
let latencies = [];
let before = 0;

/** How a socket gets into the room. */
const JOIN = {
  bare: (url) => FrameClient.open(url, look),
  ws: (url, token) =>
    joined(`${url}/api/v1/ws?token=${token}`, async (client, answer) => {
      client.send('{"event":"join_room","data":"monitor:all"}');
      await answer();
    }),
  // Joining is not acknowledged.
  'socket.io': (url, token) =>
    joined(`${url}/socket.io/?EIO=4&transport=websocket&token=${token}`, async (client, answer) => {
      await answer();
      client.send('40');
      await answer();
      client.send('42["join_room","monitor:all"]');
    }),
};

process.once('message', async ({ kind, url, token, count }) => {
  while (clients.length < count) {
    const some = Array.from({ length: Math.min(OPENING, count - clients.length) }, () => JOIN[kind](url, token));
    clients.push(...(await Promise.all(some)));
  }
  clients.slice(0, SAMPLED).forEach((client) => (client.isSampled = true));
  clients.forEach((client) => client.socket.once('close', () => process.exit(3)));
  before = total();
  process.send('ready');
  process.on('message', () => {
    const now = total();
    process.send({ received: now - before, latencies });
    before = now;
    latencies = [];
  });
});

function total() {
  return clients.reduce((sum, { received }) => sum + received, 0);
}

async function joined(url, talk) {
  const arrived = [];
  let wake = () => undefined;
  const answer = async () => {
    if (arrived.length === 0) await new Promise((resolve) => (wake = resolve));
    return arrived.shift();
  };
  const client = await FrameClient.open(url, (payload) => {
    arrived.push(payload);
    wake();
  });
  await talk(client, answer);
  client.onText = look;
  return client;
}

function look(payload, client) {
  if (!client.isSampled) return;
  const time = /"end_time":"([^"]+)"/.exec(payload.toString())?.[1];
  if (time) latencies.push(Date.now() - Date.parse(time));
}
