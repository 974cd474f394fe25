import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../endpoint';
import { parseBody } from '../json-body';
import { audited } from './audit-trail';
import type { AuditedPrincipal, AuditedRequest, AuditTrail } from './audit-trail';
import { describeRoute } from './describe-route';
import type { RouteDescription } from './describe-route';

const MAX_FIELDS = 50;
const MAX_FIELD_LENGTH = 64;
const MAX_USER_AGENT_LENGTH = 255;

/**
 * Records every write that succeeded, after its answer was sent: those of principals all by themselves, and public
 * ones that say so. Reads and other routes have no hook at all. To be called before the routes are registered.
 */
export function auditWrites(fastify: FastifyInstance, trail: () => AuditTrail): void {
  fastify.addHook('onRoute', (route) => {
    const { access } = (route.config ?? {}) as { access?: Access };
    const description = typeof route.method === 'string' ? describeRoute(route.method, route.url) : null;
    if (!description || !access || (access.allow === 'everyone' && !access.signsIn)) return;
    if (!description.parameter) route.preSerialization = keepOutcome;
    route.onResponse = (request: AuditedRequest, reply, done) => {
      const principal = principalOf(request);
      if (principal && reply.statusCode < 400) trail().record(recordOf(request, principal, description));
      done();
    };
  });
}

function keepOutcome(
  request: FastifyRequest,
  _reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  (request as AuditedRequest).outcome = (payload as { data?: AuditedRequest['outcome'] } | null)?.data;
  done(null, payload);
}

function principalOf({ principal, outcome }: AuditedRequest): AuditedPrincipal | null {
  if (principal) return audited(principal);
  const { id, email } = outcome?.user ?? {};
  return typeof id === 'string' && typeof email === 'string' ? { kind: 'user', id, name: email } : null;
}

function recordOf(request: AuditedRequest, principal: AuditedPrincipal, description: RouteDescription) {
  const { resource, action, parameter } = description;
  const { params, outcome, method, ip, headers, routeOptions } = request;
  const id = parameter ? (params as Record<string, unknown>)[parameter] : outcome?.id;
  return {
    principal,
    action,
    resource,
    resourceId: typeof id === 'string' ? id : null,
    fields: fieldsOf(request.body as Buffer | undefined),
    method,
    route: routeOptions.url ?? '',
    address: ip,
    userAgent: (headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT_LENGTH),
  };
}

function fieldsOf(body: Buffer | undefined): string[] {
  if (!body?.length) return [];
  try {
    const value = parseBody(body);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return Object.keys(value)
      .slice(0, MAX_FIELDS)
      .map((name) => name.slice(0, MAX_FIELD_LENGTH));
  } catch {
    return []; // a route that takes no body has not looked at it
  }
}
