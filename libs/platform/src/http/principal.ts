import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';

/** Each role may do all that the ones before it may. */
export const ROLES = ['viewer', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export function mayActAs(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

export function lesserRole(one: Role, other: Role): Role {
  return mayActAs(one, other) ? other : one;
}

/** A person who is signed in. */
export interface UserPrincipal {
  kind: 'user';
  userId: string;
  email: string;
  role: Role;
  sessionId: string;
}

/** A script or service with an API key. */
export interface KeyPrincipal {
  kind: 'api-key';
  keyId: string;
  name: string;
  /** Whose key it is. */
  userId: string;
  /** That of the key, but no more than its owner's. */
  role: Role;
}

/** Who sends a request. */
export type Principal = UserPrincipal | KeyPrincipal;

/** What authentication needs to see of a request; also true of a socket's upgrade request. */
export interface Credentials {
  headers: Record<string, string | string[] | undefined>;
}

/** Finds out who sends a request. Implemented by the auth module. */
export abstract class Authenticator {
  /**
   * At once for somebody who is known from the last request, which is nearly every request. With `sessionOnly` it
   * is a person.
   * @throws AppError `unauthorized` with the contract's message.
   */
  abstract authenticate(request: Credentials, options: { sessionOnly: boolean }): Principal | Promise<Principal>;
}

/** The caller, in a handler that is not public: a `UserPrincipal` where only sessions are taken. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  return context.switchToHttp().getRequest<{ principal: Principal }>().principal;
});
