import { AppError } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ACCESS } from './endpoint';
import type { Access } from './endpoint';
import { Authenticator, mayActAs } from './principal';
import type { Credentials, Principal } from './principal';

/** Lets in who may, by what the handler declares; a handler that declares nothing lets nobody in. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler());
    if (!access) throw new AppError('forbidden', 'Insufficient permissions');
    if (access.allow === 'everyone') return true;
    const request = context.switchToHttp().getRequest<Credentials & { principal?: Principal }>();
    const principal = await this.authenticator.authenticate(request, { sessionOnly: access.sessionOnly });
    if (!mayActAs(principal.role, access.allow)) throw new AppError('forbidden', 'Insufficient permissions');
    request.principal = principal;
    return true;
  }
}
