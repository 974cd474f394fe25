import { Module } from '@nestjs/common';
import { SecretsModule } from '../auth/secrets/secrets.module';
import { ProxiesController } from './proxies.controller';
import { ProxiesRepository } from './proxies.repository';
import { ProxiesService } from './proxies.service';
import { ProxyDirectory } from './proxy-directory';

@Module({
  imports: [SecretsModule],
  providers: [ProxiesRepository, ProxiesService, ProxyDirectory],
  exports: [ProxiesService, ProxyDirectory],
})
export class ProxiesModule {}

/** Adds the REST routes; only the API server imports it. */
@Module({ imports: [ProxiesModule], controllers: [ProxiesController] })
export class ProxiesApiModule {}
