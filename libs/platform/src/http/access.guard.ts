import { AppError } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ACCESS } from './endpoint';
import type { Access } from './endpoint';
import { Authenticator, mayActAs } from './principal';
import type { Credentials, Principal } from './principal';
import { ThrottleGuard } from './throttle/throttle.guard';

type Guarded = Credentials & { principal?: Principal };

/** Lets in who may, by what the handler declares; a handler that declares nothing lets nobody in. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly throttle: ThrottleGuard,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler());
    if (!access) throw forbidden();
    if (access.allow === 'everyone') return true;
    const request = context.switchToHttp().getRequest<Guarded>();
    try {
      const found = this.authenticator.authenticate(request, access);
      if (!(found instanceof Promise)) return admit(request, found, access);
      return found
        .then((principal) => admit(request, principal, access))
        .catch((error: unknown) => this.refuse(context, error));
    } catch (error) {
      return this.refuse(context, error);
    }
  }

  /** Refusals are counted like everything else. */
  private async refuse(context: ExecutionContext, error: unknown): Promise<never> {
    await this.throttle.canActivate(context);
    throw error;
  }
}

/** @throws AppError `forbidden` */
function admit(request: Guarded, principal: Principal, { allow }: Access): boolean {
  request.principal = principal;
  if (allow !== 'everyone' && !mayActAs(principal.role, allow)) throw forbidden();
  return true;
}

function forbidden(): AppError {
  return new AppError('forbidden', 'Insufficient permissions');
}
