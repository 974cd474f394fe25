// Pushes at a steady pace; answers with how many were accepted.
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

process.once('message', async ({ url, paths, perSecond, count }) => {
  const agent = new http.Agent({ keepAlive: true });
  const startedAt = performance.now();
  const running = [];
  for (let i = 0; i < count; i++) {
    await delay(Math.max(0, startedAt + (i * 1000) / perSecond - performance.now()));
    running.push(push(url + paths[i % paths.length], agent));
  }
  const statuses = await Promise.all(running);
  agent.destroy();
  process.send({ sent: statuses.filter((status) => status === 200).length });
});

function push(url, agent) {
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent }, (response) => response.resume().once('end', () => resolve(response.statusCode)))
      .once('error', reject);
  });
}
