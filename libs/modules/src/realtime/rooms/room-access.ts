import { AppError } from '@app/core';
import { Injectable } from '@nestjs/common';
import { MonitorsService } from '../../monitors/monitors.service';
import { EVERY_MONITOR, RoomRegistry, roomOf } from './room-registry';
import type { RoomMember } from './room-registry';

/** The door of the rooms: which names are rooms, and how many one socket may be in. Every role may read everything. */
@Injectable()
export class RoomAccess {
  constructor(
    private readonly registry: RoomRegistry,
    private readonly monitors: MonitorsService,
  ) {}

  /** @throws AppError `not_found`, `too_large` */
  async join(member: RoomMember, name: string): Promise<void> {
    if (!(await this.isRoom(name))) throw new AppError('not_found', 'Room not found');
    if (!this.registry.join(member, name)) throw new AppError('too_large', 'Too many rooms');
  }

  leave(member: RoomMember, name: string): void {
    this.registry.leave(member, name);
  }

  private async isRoom(name: string): Promise<boolean> {
    if (name === EVERY_MONITOR) return true;
    const id = name.slice('monitor:'.length);
    // Events are named after the room, hence only as the id is spelt everywhere.
    return name === roomOf(id) && id === id.toLowerCase() && this.monitors.exists(id);
  }
}
