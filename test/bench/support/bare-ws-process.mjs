// A bare `ws` server: on order, tells every client a number of heartbeats per second, one message each.
import { WebSocketServer } from 'ws';
import { setTimeout as delay } from 'node:timers/promises';

const server = new WebSocketServer({ port: Number(process.argv[2]), host: '127.0.0.1', perMessageDeflate: false });
server.once('listening', () => process.send('ready'));

process.on('message', async ({ perSecond, count }) => {
  const startedAt = performance.now();
  for (let i = 0; i < count; i++) {
    await delay(Math.max(0, startedAt + (i * 1000) / perSecond - performance.now()));
    const text = message();
    for (const client of server.clients) client.send(text);
  }
  process.send({ sent: count });
});

function message() {
  const time = new Date().toISOString();
  const data = {
    id: '01935f0e-7a3c-7000-8000-000001000000',
    monitor_id: '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d12',
    status: 1,
    msg: 'OK',
    ping: 12,
    duration: 0,
    down_count: 0,
    retries: 0,
    important: false,
    time,
    end_time: time,
    notified: false,
  };
  return JSON.stringify({ event: 'monitor:all:heartbeat', data });
}
