import { Authenticator } from '@app/platform';
import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { ApiKeysModule } from '../api-keys/api-keys.module';
import { SettingsModule } from '../settings/settings.module';
import { UsersModule } from '../users/users.module';
import { AttemptsService } from './attempts/attempts.service';
import { AuthController } from './auth.controller';
import { AuthService } from './auth.service';
import { PasswordConfirmation } from './passwords/password-confirmation';
import { PasswordHasher } from './passwords/password-hasher';
import { RequestAuthenticator } from './request.authenticator';
import { SecretsModule } from './secrets/secrets.module';
import { SessionsService } from './sessions/sessions.service';
import { SignInService } from './sign-in.service';
import { AccessTokens } from './tokens/access-tokens';
import { JwtStrategy } from './tokens/jwt.strategy';
import { TokenIssuer } from './tokens/token-issuer';
import { TwoFactorController } from './two-factor/two-factor.controller';
import { TwoFactorService } from './two-factor/two-factor.service';

/** Who sends a request or opens a socket: global, because every route asks. */
@Global()
@Module({
  imports: [ApiKeysModule, JwtModule.register({}), SecretsModule, SettingsModule, UsersModule],
  providers: [
    { provide: Authenticator, useClass: RequestAuthenticator },
    AccessTokens,
    AttemptsService,
    AuthService,
    JwtStrategy,
    PasswordConfirmation,
    PasswordHasher,
    SessionsService,
    SignInService,
    TokenIssuer,
    TwoFactorService,
  ],
  exports: [
    AccessTokens,
    ApiKeysModule,
    AttemptsService,
    Authenticator,
    AuthService,
    PasswordHasher,
    SessionsService,
    TwoFactorService,
  ],
})
export class AuthModule {}

/** Adds the REST routes; only the API server imports it. */
@Module({ imports: [AuthModule], controllers: [AuthController, TwoFactorController] })
export class AuthApiModule {}
