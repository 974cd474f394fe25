import { isAppError } from '@app/core';
import { Logger } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { MAX_BUFFERED_BYTES, MAX_ROOMS } from '../limits';
import type { Batch } from '../rooms/room-message';
import type { RoomAccess } from '../rooms/room-access';
import type { RoomMember, RoomRegistry } from '../rooms/room-registry';
import { Sequence } from '../sequence';
import { bufferedBytes, writePacketFrames } from './engine-socket';
import type { EngineSocket } from './engine-socket';

/** One authenticated Socket.IO socket. It is told heartbeats and never answered. */
export class SocketIoConnection implements RoomMember {
  private readonly logger = new Logger('Realtime');
  private readonly conn: EngineSocket;
  private readonly work = new Sequence();
  /** Bytes that Engine.IO holds until the client polls. */
  private held = 0;

  constructor(
    socket: Socket,
    registry: RoomRegistry,
    private readonly access: RoomAccess,
  ) {
    this.conn = socket.conn;
    this.conn.on('flush', () => (this.held = 0));
    socket.use(([event], next) => {
      if (typeof event === 'string') next();
      else this.close();
    });
    socket.on('join_room', (room: unknown) => this.join(room));
    socket.on('leave_room', (room: unknown) => this.leave(room));
    socket.on('error', () => undefined); // broken packets: Engine.IO closes, and without this it prints a stack
    socket.on('disconnect', () => registry.leaveAll(this));
  }

  get isOpen(): boolean {
    return this.conn.readyState === 'open';
  }

  deliver(batch: Batch): void {
    const { packets } = batch;
    if (packets.length === 0 || !this.isOpen) return;
    if (Math.max(this.held, bufferedBytes(this.conn)) > MAX_BUFFERED_BYTES) return this.close();
    if (writePacketFrames(this.conn, batch.packetFrames)) return;
    for (const packet of packets) {
      this.held += packet.length;
      this.conn.write(packet);
    }
  }

  private close(): void {
    this.conn.close(true);
  }

  /** A room that does not exist, or one too many, is not joined; nothing is ever answered. */
  private join(room: unknown): void {
    if (typeof room !== 'string' || this.work.size >= MAX_ROOMS) return;
    this.work.add(async () => {
      try {
        if (this.isOpen) await this.access.join(this, room);
      } catch (error) {
        if (isAppError(error, 'not_found') || isAppError(error, 'too_large')) return;
        this.logger.error({ err: error }, 'A room could not be joined');
        this.close();
      }
    });
  }

  private leave(room: unknown): void {
    if (typeof room !== 'string' || this.work.size >= MAX_ROOMS) return;
    this.work.add(() => {
      this.access.leave(this, room);
      return Promise.resolve();
    });
  }
}
