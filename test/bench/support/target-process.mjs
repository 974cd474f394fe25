// What is watched: node target-process.mjs PORT
import http from 'node:http';

http
  .createServer((_request, response) => response.end('OK'))
  .listen(Number(process.argv[2]), '127.0.0.1', () => {
    process.send('listening');
  });
