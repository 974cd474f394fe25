import { EventBus } from '@app/core';
import { Module } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { MonitorsModule } from '../monitors/monitors.module';
import { RealtimeTimings } from './limits';
import { RoomAccess } from './rooms/room-access';
import { RoomRegistry } from './rooms/room-registry';
import { AllowedOrigins } from './sessions/allowed-origins';
import { SocketSessions } from './sessions/socket-sessions';
import { SocketIoServer } from './socket-io/socket-io.server';
import { LiveGateway } from './ws/live.gateway';

/**
 * What happens, as it happens: `/api/v1/ws` and Socket.IO, fed by the event bus. Others publish there and need
 * nothing of this module; only the API server imports it.
 */
@Module({
  imports: [MonitorsModule],
  providers: [
    AllowedOrigins,
    LiveGateway,
    RealtimeTimings,
    RoomAccess,
    {
      provide: RoomRegistry,
      inject: [EventBus, RealtimeTimings],
      useFactory: (bus: EventBus, { coalesce }: RealtimeTimings) => new RoomRegistry(bus, coalesce),
    },
    SocketIoServer,
    SocketSessions,
  ],
})
export class RealtimeModule implements OnModuleDestroy {
  constructor(private readonly registry: RoomRegistry) {}

  onModuleDestroy(): void {
    this.registry.close();
  }
}
