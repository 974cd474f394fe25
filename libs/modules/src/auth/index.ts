export * from './attempts/attempts.service';
export * from './attempts/login-attempts.entity';
export * from './auth.module';
export type { AccessGrant } from './grant-cache';
export * from './secrets/instance-secret.entity';
export * from './sessions/session.entity';
export * from './sessions/sessions.service';
export * from './tokens/access-tokens';
export type { TokenGrant } from './tokens/jwt.strategy';
