import { statusNumber } from '@app/core';
import type { EventBus, Heartbeat, MonitorEvent } from '@app/core';
import { Logger } from '@nestjs/common';
import { toHeartbeatView } from '../../heartbeats/heartbeat.view';
import { MAX_ROOMS } from '../limits';
import { Batch, RoomMessage } from './room-message';
import type { Audience } from './room-message';

export const EVERY_MONITOR = 'monitor:all';

export function roomOf(monitorId: string): string {
  return `monitor:${monitorId}`;
}

/** However many sockets there are, telling them takes at most a twentieth of the time, as long as that is quick enough. */
const QUIET_PER_FLUSH = 20;
const MAX_QUIET_MS = 250;

/** A socket, of either kind, as the rooms see it. */
export interface RoomMember {
  /** False from the moment it starts to close. */
  readonly isOpen: boolean;
  /** Sends everything, in order, and does not wait. */
  deliver(batch: Batch): void;
}

interface Room {
  members: Set<RoomMember>;
  /** Waits for the next flush. */
  pending: RoomMessage[];
  stop: () => void;
}

/**
 * Who listens to what. Listens to the bus only for what its sockets have joined, serialises each message once, and
 * lets what happens within `coalesceMs` leave together, which costs a fraction of a write per message and socket. The
 * more sockets there are to write to, the longer that time becomes, but never so long that one could call it late.
 */
export class RoomRegistry {
  private readonly rooms = new Map<string, Room>();
  private readonly joined = new Map<RoomMember, Set<string>>();
  /** Rooms with something to say. */
  private readonly waiting = new Set<Room>();
  private readonly logger = new Logger('Realtime');
  private stopMonitorEvents: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** What happens before this moment waits for it; by `performance.now()`. */
  private quietUntil = -Infinity;

  constructor(
    private readonly bus: EventBus,
    private readonly coalesceMs: number,
  ) {}

  /** Joining twice is joining once. @returns false when the socket is in as many rooms as it may be. */
  join(member: RoomMember, name: string): boolean {
    if (!member.isOpen) return true;
    const names = this.joined.get(member) ?? new Set();
    if (names.has(name)) return true;
    if (names.size >= MAX_ROOMS) return false;
    // What happened before it joined is not for it.
    if (this.rooms.get(name)?.pending.length) this.flush();
    this.joined.set(member, names.add(name));
    this.openRoom(name).members.add(member);
    return true;
  }

  leave(member: RoomMember, name: string): void {
    const names = this.joined.get(member);
    if (!names?.delete(name)) return;
    if (names.size === 0) this.joined.delete(member);
    const room = this.rooms.get(name)!;
    room.members.delete(member);
    if (room.members.size === 0) this.closeRoom(name, room);
  }

  leaveAll(member: RoomMember): void {
    for (const name of this.joined.get(member) ?? []) this.leave(member, name);
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting.clear();
    for (const [name, room] of this.rooms) this.closeRoom(name, room);
    this.joined.clear();
  }

  private openRoom(name: string): Room {
    const known = this.rooms.get(name);
    if (known) return known;
    if (this.rooms.size === 0) this.listenToMonitorEvents();
    const room: Room = { members: new Set(), pending: [], stop: this.listenToHeartbeats(name) };
    this.rooms.set(name, room);
    return room;
  }

  private closeRoom(name: string, room: Room): void {
    room.stop();
    this.rooms.delete(name);
    if (this.rooms.size > 0) return;
    for (const stop of this.stopMonitorEvents) stop();
    this.stopMonitorEvents = [];
  }

  private listenToHeartbeats(name: string): () => void {
    if (name === EVERY_MONITOR) return this.bus.subscribe('heartbeat', (heartbeat) => this.onHeartbeat(heartbeat));
    const only = (heartbeat: Heartbeat) => {
      // While somebody listens to all monitors, that subscription serves this room as well, in the right order.
      if (!this.rooms.has(EVERY_MONITOR)) this.onHeartbeat(heartbeat);
    };
    return this.bus.subscribe('heartbeat', only, name.slice('monitor:'.length));
  }

  private listenToMonitorEvents(): void {
    const brief = ({ id, name, status }: MonitorEvent) => ({ id, name, status: statusNumber(status) });
    this.stopMonitorEvents = [
      ...(['monitor.created', 'monitor.updated', 'monitor.status.changed'] as const).map((event) =>
        this.bus.subscribe(event, (monitor) => this.tell(monitor.id, () => event, brief(monitor), 'ws')),
      ),
      this.bus.subscribe('monitor.deleted', ({ id }) => this.tell(id, () => 'monitor.deleted', { id }, 'ws')),
    ];
  }

  private onHeartbeat(heartbeat: Heartbeat): void {
    this.tell(heartbeat.monitorId, (room) => `${room}:heartbeat`, toHeartbeatView(heartbeat), 'everybody');
  }

  /** Tells the monitor's room, then the room of all monitors. */
  private tell(monitorId: string, event: (room: string) => string, data: object, audience: Audience): void {
    let json: string | undefined;
    for (const name of [roomOf(monitorId), EVERY_MONITOR]) {
      const room = this.rooms.get(name);
      if (!room) continue;
      json ??= JSON.stringify(data);
      room.pending.push(new RoomMessage(event(name), json, audience));
      this.waiting.add(room);
    }
    if (this.timer || this.waiting.size === 0) return;
    this.timer = setTimeout(() => this.flush(), Math.max(0, this.quietUntil - performance.now()));
  }

  /** The room of all monitors comes last: a socket in both hears the monitor's room first. */
  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const startedAt = performance.now();
    const every = this.rooms.get(EVERY_MONITOR);
    const rooms = [...this.waiting].filter((room) => room !== every);
    if (every && this.waiting.has(every)) rooms.push(every);
    this.waiting.clear();
    for (const room of rooms) this.deliver(room);
    const now = performance.now();
    const fair = Math.min((now - startedAt) * QUIET_PER_FLUSH, MAX_QUIET_MS);
    this.quietUntil = now + Math.max(this.coalesceMs, fair);
  }

  private deliver(room: Room): void {
    const batch = new Batch(room.pending);
    room.pending = [];
    for (const member of room.members) {
      try {
        member.deliver(batch);
      } catch (error) {
        this.logger.error({ err: error }, 'A socket could not be written to');
        this.leaveAll(member);
      }
    }
  }
}
