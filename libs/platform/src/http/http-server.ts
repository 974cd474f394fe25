import type { Env } from '@app/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { auditWrites } from './audit/audit-hook';
import { AuditTrail } from './audit/audit-trail';
import { parseQueryString } from './query-string';
import { commonHeaders } from './response-headers';
import { SharedWsAdapter } from './shared-ws.adapter';

export const API_PREFIX = 'api/v1';

/** Paths that are spelt out in full, with and without the prefix. */
export const UNPREFIXED = ['health', `${API_PREFIX}/health`];

const MAX_BODY_BYTES = 1024 * 1024;

/** `TRUST_PROXY` as Fastify takes it: a flag, a number of hops, or a list of addresses. */
function trustProxy(value: string): boolean | string | ((address: string, hop: number) => boolean) {
  if (value === 'true') return true;
  if (value === 'false' || value === '') return false;
  return /^\d+$/.test(value) ? (_address, hop) => hop < Number(value) : value;
}

/** Clients of this API know `%2F` as a slash, and no route has one inside a segment. */
function hasEncodedSlash(url: string): boolean {
  if (!url.includes('%')) return false;
  const at = url.search(/%2f/i);
  return at >= 0 && !url.slice(0, at).includes('?');
}

export function createHttpAdapter(env: Pick<Env, 'TRUST_PROXY' | 'CLIENT_URL'>, log: Logger): FastifyAdapter {
  const adapter = new FastifyAdapter({
    trustProxy: trustProxy(env.TRUST_PROXY),
    bodyLimit: MAX_BODY_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    requestTimeout: 60_000, // a client that sends its request a byte at a time
    keepAliveTimeout: 72_000, // longer than the usual proxy's, so that the proxy closes first
    routerOptions: { querystringParser: parseQueryString, maxParamLength: 2048 },
    // Broken escapes and parameters beyond measure: no path of ours.
    frameworkErrors: (_error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      void reply
        .status(404)
        .header('content-type', 'application/json; charset=utf-8')
        .send(JSON.stringify({ message: 'Not found', data: null }));
    },
  });
  const fastify = adapter.getInstance();
  // Bodies reach the validation pipe as bytes: parsing them here would refuse a body before asking who sends it.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const answerCommon = commonHeaders(env.CLIENT_URL);
  fastify.addHook('onRequest', (request, reply, done) => {
    // Bodies are JSON whatever their type says; one that Fastify cannot read would be refused.
    const { headers } = request.raw;
    if (headers['content-type'] !== undefined) delete headers['content-type'];
    if (answerCommon(request, reply)) return;
    if (hasEncodedSlash(request.url) && !request.is404) reply.callNotFound();
    else done();
  });
  if (log.isLevelEnabled('debug')) {
    fastify.addHook('onResponse', (request, reply, done) => {
      const { id, method, ip } = request;
      const path = request.url.split('?', 1)[0]; // tokens travel in queries
      log.debug({ requestId: id, method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime), ip });
      done();
    });
  }
  return adapter;
}

/** What the application has to be told about the adapter's world before it listens. */
export function configureHttp(app: NestFastifyApplication): void {
  auditWrites(app.getHttpAdapter().getInstance(), () => app.get(AuditTrail, { strict: false }));
  app.setGlobalPrefix(API_PREFIX, { exclude: UNPREFIXED });
  app.useWebSocketAdapter(new SharedWsAdapter(app, (url) => url.startsWith('/socket.io/')));
}
