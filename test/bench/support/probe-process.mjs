// Asks one URL at a steady pace over one connection; answers with every latency, ms.
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

process.once('message', async ({ url, headers, seconds, perSecond }) => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const latencies = [];
  const startedAt = performance.now();
  for (let i = 0; i < seconds * perSecond; i++) {
    const dueAt = startedAt + (i * 1000) / perSecond;
    await delay(Math.max(0, dueAt - performance.now()));
    const sentAt = performance.now();
    await get(url, { agent, headers });
    latencies.push(performance.now() - sentAt);
  }
  process.send(latencies);
});

function get(url, options) {
  return new Promise((resolve, reject) => {
    const request = http.get(url, options, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
    });
    request.once('error', reject);
  });
}
