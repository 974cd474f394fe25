// A bare Fastify, the measure of all HTTP figures: node hello.mjs PORT
import Fastify from 'fastify';

const fastify = Fastify();
fastify.get('/hello', () => ({ hello: 'world' }));
fastify.get('/health', () => ({ status: 'ok' }));
await fastify.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
