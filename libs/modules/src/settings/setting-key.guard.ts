import { AppError } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';

export const BAD_KEY = 'Key must be SCREAMING_SNAKE_CASE (A-Z, 0-9, _).';
export const LONG_KEY = 'Key must be at most 255 characters';

/** The key is looked at before the body, and after who sends it: hence a guard and no pipe. */
@Injectable()
export class SettingKeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { key } = context.switchToHttp().getRequest<{ params: { key: string } }>().params;
    if (!/^[A-Z0-9_]+$/.test(key)) throw new AppError('invalid', BAD_KEY);
    if (key.length > 255) throw new AppError('invalid', LONG_KEY);
    return true;
  }
}
