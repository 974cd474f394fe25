import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module';
import { ApiKeyAuthenticator } from './api-key.authenticator';
import { ApiKeyUsage } from './api-key-usage';
import { ApiKeysController } from './api-keys.controller';
import { ApiKeysRepository } from './api-keys.repository';
import { ApiKeysService } from './api-keys.service';

@Module({
  imports: [UsersModule],
  providers: [ApiKeyAuthenticator, ApiKeysRepository, ApiKeysService, ApiKeyUsage],
  exports: [ApiKeyAuthenticator, ApiKeysService],
})
export class ApiKeysModule {}

/** Adds the REST routes; only the API server imports it. */
@Module({ imports: [ApiKeysModule], controllers: [ApiKeysController] })
export class ApiKeysApiModule {}
