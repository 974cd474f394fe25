import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';

/** Each role may do all that the ones before it may. */
export const ROLES = ['viewer', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export function mayActAs(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** Who sends a request. */
export interface Principal {
  kind: 'user';
  userId: string;
  email: string;
  role: Role;
  sessionId: string;
}

/** What authentication needs to see of a request; also true of a socket's upgrade request. */
export interface Credentials {
  headers: Record<string, string | string[] | undefined>;
}

/** Finds out who sends a request. Implemented by the auth module. */
export abstract class Authenticator {
  /** @throws AppError `unauthorized` with the contract's message. */
  abstract authenticate(request: Credentials, options: { sessionOnly: boolean }): Promise<Principal>;
}

/** The caller, in a handler that is not public. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  return context.switchToHttp().getRequest<{ principal: Principal }>().principal;
});
