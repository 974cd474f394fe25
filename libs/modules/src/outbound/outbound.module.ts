import { Outbound, createOutbound, parseTargetPolicy } from '@app/outbound';
import { Config } from '@app/platform';
import { Module } from '@nestjs/common';

/** The one way out, with the target policy of this installation. */
@Module({
  providers: [
    {
      provide: Outbound,
      inject: [Config],
      useFactory: ({ env }: Config) =>
        createOutbound({ policy: parseTargetPolicy(env.TARGET_POLICY), userAgent: `peekaping/${env.API_VERSION}` }),
    },
  ],
  exports: [Outbound],
})
export class OutboundModule {}
