import { AppError, Clock, DAY, parseDuration } from '@app/core';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { SettingsService } from '../../settings/settings.service';
import type { User } from '../../users/user.entity';
import { InstanceSecrets } from '../secrets/instance-secrets';
import { VERIFY_ALGORITHMS, asSecret, readClaims } from './claims';
import type { Claims, TokenType } from './claims';

export interface TokenPair {
  accessToken: string;
  refreshToken: string;
}

const LIFETIME_SETTINGS = { access: 'ACCESS_TOKEN_EXPIRED_IN', refresh: 'REFRESH_TOKEN_EXPIRED_IN' } as const;

/** Longer is as good as for ever, and dates end somewhere. */
const MAX_LIFETIME = 36_500 * DAY;

@Injectable()
export class TokenIssuer {
  constructor(
    private readonly jwt: JwtService,
    private readonly secrets: InstanceSecrets,
    private readonly settings: SettingsService,
    private readonly clock: Clock,
  ) {}

  /** Both tokens of a session. @throws AppError `internal` when a lifetime is set to nonsense. */
  async issue(user: User, sessionId: string): Promise<TokenPair> {
    const [accessToken, refreshToken] = await Promise.all([
      this.sign('access', user, sessionId),
      this.sign('refresh', user, sessionId),
    ]);
    return { accessToken, refreshToken };
  }

  /** How long a token lives, ms. @throws AppError `internal` when the setting is nonsense. */
  async lifetime(type: TokenType): Promise<number> {
    const key = LIFETIME_SETTINGS[type];
    const milliseconds = parseDuration((await this.settings.get(key)) ?? '');
    if (milliseconds === null) throw new AppError('internal', `The setting ${key} is not a duration`);
    return Math.min(milliseconds, MAX_LIFETIME);
  }

  /** @throws AppError `unauthorized` with the contract's messages. */
  async verifyRefresh(token: string): Promise<Claims> {
    const refused = new AppError('unauthorized', 'invalid refresh token');
    const payload = await this.jwt
      .verifyAsync<object>(token, {
        secret: asSecret(this.secrets.refresh),
        algorithms: VERIFY_ALGORITHMS,
        ignoreExpiration: true, // `readClaims` looks at the times
        ignoreNotBefore: true,
      })
      .catch(() => {
        throw refused;
      });
    const claims = readClaims(payload, this.clock.now());
    if (!claims) throw refused;
    if (claims.type !== 'refresh') throw new AppError('unauthorized', 'invalid token type');
    return claims;
  }

  private async sign(type: TokenType, user: User, sid: string): Promise<string> {
    const iat = Math.floor(this.clock.now() / 1000);
    const exp = iat + Math.round((await this.lifetime(type)) / 1000);
    const claims: Claims = { userId: user.id, email: user.email, type, exp, nbf: iat, iat, sid, role: user.role };
    return this.jwt.signAsync(claims, { algorithm: 'HS256', secret: asSecret(this.secrets[type]) });
  }
}
