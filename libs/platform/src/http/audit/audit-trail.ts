import type { FastifyRequest } from 'fastify';
import type { Principal } from '../principal';

/** What somebody did: never what with, as that may be a secret. */
export interface AuditRecord {
  principal: AuditedPrincipal;
  action: string;
  /** First part of the path: `monitors`. */
  resource: string;
  /** Id, key or the like; null where there is none. */
  resourceId: string | null;
  /** Names of the fields that were sent. */
  fields: string[];
  method: string;
  /** With its parameters by name. */
  route: string;
  address: string;
  userAgent: string;
}

export interface AuditedPrincipal {
  kind: Principal['kind'] | 'command';
  id: string;
  /** E-mail of a user, name of a key. */
  name: string;
}

/** Keeps who changed what, when, and from where. Implemented by the audit module. */
export abstract class AuditTrail {
  /** Returns at once; it is written down soon. */
  abstract record(record: AuditRecord): void;
}

export function audited(principal: Principal): AuditedPrincipal {
  return principal.kind === 'user'
    ? { kind: 'user', id: principal.userId, name: principal.email }
    : { kind: 'api-key', id: principal.keyId, name: principal.name };
}

/** What the hooks of one request tell each other. */
export interface AuditedRequest extends FastifyRequest {
  principal?: Principal;
  /** Of the answer: what was created, and who has signed in. */
  outcome?: { id?: unknown; user?: { id?: unknown; email?: unknown } } | null;
}
