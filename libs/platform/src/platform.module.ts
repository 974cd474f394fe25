import { Clock, RateCounter, SystemClock } from '@app/core';
import type { Env } from '@app/core';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { Config } from './config';
import { AccessGuard } from './http/access.guard';
import { ErrorFilter } from './http/error.filter';
import { RouteAudit } from './http/route-audit';
import { CounterStorage } from './http/throttle/counter.storage';
import { ThrottleGuard } from './http/throttle/throttle.guard';
import { ValidationPipe } from './http/validation.pipe';

/** Configuration and time, for every module of a process. */
@Module({})
export class PlatformModule {
  static forRoot(env: Env, clock: Clock = new SystemClock()): DynamicModule {
    const providers = [
      { provide: Config, useValue: new Config(env) },
      { provide: Clock, useValue: clock },
    ];
    return { module: PlatformModule, global: true, providers, exports: providers };
  }
}

/** What stands between a request and the controllers. Needs an `Authenticator`. */
@Module({
  imports: [
    DiscoveryModule,
    ThrottlerModule.forRootAsync({
      inject: [Config, RateCounter],
      useFactory: ({ env }: Config, counter: RateCounter) => ({
        throttlers: [
          { name: 'default', limit: env.THROTTLE_LIMIT, ttl: env.THROTTLE_WINDOW },
          { name: 'auth', limit: env.THROTTLE_AUTH_LIMIT, ttl: env.THROTTLE_WINDOW },
        ],
        storage: new CounterStorage(counter),
      }),
    }),
  ],
  providers: [
    RouteAudit,
    ThrottleGuard,
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useExisting: ThrottleGuard },
    { provide: APP_PIPE, useClass: ValidationPipe },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
})
export class HttpModule {}
