// The load generator: takes one order, answers with what came back.
import autocannon from 'autocannon';

process.once('message', async ({ paths, ...options }) => {
  let clients = 0;
  const setupClient = (client) => {
    const from = Math.floor((clients++ * paths.length) / options.connections);
    client.setRequests([...paths.slice(from), ...paths.slice(0, from)].map((path) => ({ path })));
  };
  const result = await autocannon({ ...options, ...(paths && { setupClient }) });
  process.send({
    ok: result['2xx'] + result['3xx'], // 304; nothing of ours redirects
    failed: result.non2xx - result['3xx'] + result.errors + result.timeouts,
    seconds: result.duration,
  });
});
