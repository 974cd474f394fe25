// GETs that open a connection each time, and nothing else. Without `perSecond` as fast as they go, a few at a time;
// with it at that pace. Answers with the CPU time of one, us.
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const PARALLEL = 8;

process.once('message', async ({ url, count, perSecond }) => {
  const before = process.cpuUsage();
  if (perSecond) await paced(url, count, perSecond);
  else await Promise.all(Array.from({ length: PARALLEL }, () => repeat(url, count / PARALLEL)));
  const { user, system } = process.cpuUsage(before);
  process.send((user + system) / count);
});

async function repeat(url, count) {
  for (let i = 0; i < count; i++) await get(url);
}

async function paced(url, count, perSecond) {
  const startedAt = performance.now();
  const running = [];
  for (let i = 0; i < count; i++) {
    await delay(Math.max(0, startedAt + (i * 1000) / perSecond - performance.now()));
    running.push(get(url));
  }
  await Promise.all(running);
}

function get(url) {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false }, (response) => response.resume().once('end', resolve));
    request.once('error', reject);
  });
}
