import type { FastifyReply, FastifyRequest } from 'fastify';
import helmet from 'helmet';
import type { IncomingMessage, ServerResponse } from 'node:http';

type Headers = Record<string, string>;

/** What Helmet adds to an answer. It is the same for all, so it is asked once: asking costs half of a small answer. */
export function securityHeaders(): Headers {
  const headers: Headers = {};
  const response = {
    setHeader: (name: string, value: string) => (headers[name.toLowerCase()] = value),
    removeHeader: () => undefined,
  } as unknown as ServerResponse;
  const protect = helmet({
    // Answers are data; the one page that we serve, Swagger's, sets a policy of its own.
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    strictTransportSecurity: false, // a matter of the gateway that terminates TLS
  });
  protect({} as IncomingMessage, response, (error) => {
    if (error) throw error as Error;
  });
  return headers;
}

/** What browsers are told of every answer, whoever asks. */
const CORS: Headers = {
  vary: 'Origin',
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'Authorization, RateLimit, RateLimit-Policy, Retry-After',
};

const PREFLIGHT: Headers = {
  'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS, PATCH',
  'access-control-allow-headers':
    'Origin, X-Requested-With, Content-Type, Accept, Authorization, X-API-Key, X-Status-Page-Password',
  'content-length': '0',
};

/**
 * Gives an answer the headers that all have, and answers the preflights of other origins (Fetch 3.2). One function
 * instead of a plugin for each: together they cost more than all else that happens to a small request.
 * @returns whether the request is answered.
 */
export function commonHeaders(origins: readonly string[]): (request: FastifyRequest, reply: FastifyReply) => boolean {
  const common = { ...securityHeaders(), ...CORS };
  return ({ method, headers: { origin, host } }, reply) => {
    void reply.headers(common);
    if (origin === undefined) return false;
    if (origins.includes(origin)) void reply.header('access-control-allow-origin', origin);
    const isPreflight = method === 'OPTIONS' && origin !== '' && !isOwn(origin, host);
    if (isPreflight) void reply.code(204).headers(PREFLIGHT).send();
    return isPreflight;
  };
}

function isOwn(origin: string, host: string | undefined): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}
