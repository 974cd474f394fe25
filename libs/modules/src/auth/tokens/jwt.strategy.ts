import { AppError, Clock } from '@app/core';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import type { UserPrincipal } from '@app/platform';
import { UsersService } from '../../users/users.service';
import { InstanceSecrets } from '../secrets/instance-secrets';
import { SessionsService } from '../sessions/sessions.service';
import type { AccessGrant } from '../grant-cache';
import { VERIFY_ALGORITHMS, asSecret, readClaims } from './claims';

/** Somebody who showed a good access token. */
export interface TokenGrant extends AccessGrant {
  principal: UserPrincipal;
}

export interface TokenBearer {
  token: string;
}

/** Good signature, right kind, in its time, of a session that goes on and a user who may sign in. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    secrets: InstanceSecrets,
    private readonly clock: Clock,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
  ) {
    super({
      jwtFromRequest: (bearer) => (bearer as unknown as TokenBearer).token,
      secretOrKey: asSecret(secrets.access),
      algorithms: VERIFY_ALGORITHMS,
      ignoreExpiration: true, // `validate` looks at the times
      jsonWebTokenOptions: { ignoreNotBefore: true },
    });
  }

  async validate(payload: unknown): Promise<TokenGrant | null> {
    const claims = readClaims(payload, this.clock.now());
    if (!claims) return null;
    if (claims.type !== 'access') throw new AppError('unauthorized', 'Invalid token type');
    const [session, user] = await Promise.all([this.sessions.find(claims.sid), this.users.findById(claims.userId)]);
    if (!session || !user?.active || session.userId !== user.id) return null;
    return {
      principal: { kind: 'user', userId: user.id, email: user.email, role: user.role, sessionId: session.id },
      expiresAt: claims.exp === undefined ? session.expiresAt.getTime() : claims.exp * 1000,
    };
  }
}
