import { InProcessEventBus } from '@app/messaging/in-process';
import type { EventName, Events } from '@app/core';
import { newId } from '@app/core';
import { sampleHeartbeat, sampleHeartbeatView } from '../../../../../test/support/heartbeats';
import { MAX_ROOMS } from '../limits';
import type { Batch } from './room-message';
import { RoomRegistry, roomOf } from './room-registry';
import type { RoomMember } from './room-registry';

const COALESCE_MS = 50;
const ALL = 'monitor:all';

/** Counts who listens to what. */
class WatchedBus extends InProcessEventBus {
  readonly topics: string[] = [];

  override subscribe<K extends EventName>(name: K, handler: (payload: Events[K]) => void, key?: string): () => void {
    const topic = key === undefined ? name : `${name} ${key}`;
    this.topics.push(topic);
    const stop = super.subscribe(name, handler, key);
    return () => {
      this.topics.splice(this.topics.indexOf(topic), 1);
      stop();
    };
  }
}

class Member implements RoomMember {
  isOpen = true;
  readonly batches: Batch[] = [];

  deliver(batch: Batch): void {
    this.batches.push(batch);
  }

  get events(): string[] {
    return this.batches.flatMap(({ texts }) => texts).map((text) => (JSON.parse(text) as { event: string }).event);
  }
}

describe('RoomRegistry', () => {
  let bus: WatchedBus;
  let registry: RoomRegistry;
  const monitorId = newId();
  const otherId = newId();

  beforeEach(() => {
    jest.useFakeTimers();
    bus = new WatchedBus((error) => {
      throw error;
    });
    registry = new RoomRegistry(bus, COALESCE_MS);
  });

  afterEach(() => {
    registry.close();
    jest.useRealTimers();
  });

  function memberOf(...rooms: string[]): Member {
    const member = new Member();
    rooms.forEach((room) => registry.join(member, room));
    return member;
  }

  function beat(id = monitorId) {
    const heartbeat = sampleHeartbeat({ monitorId: id });
    bus.publish('heartbeat', heartbeat, id);
    return heartbeat;
  }

  it('listens to the bus only for what was joined, and to nothing when all have left', () => {
    expect(bus.topics).toEqual([]);

    const one = memberOf(roomOf(monitorId));
    const two = memberOf(roomOf(monitorId), ALL);
    expect([...bus.topics].sort()).toEqual([
      'heartbeat',
      `heartbeat ${monitorId}`,
      'monitor.created',
      'monitor.deleted',
      'monitor.status.changed',
      'monitor.updated',
    ]);

    registry.leaveAll(two);
    expect(bus.topics).not.toContain('heartbeat');
    registry.leave(one, roomOf(monitorId));
    expect(bus.topics).toEqual([]);
  });

  it('serialises a message once for all members of a room, in both framings', () => {
    const members = [memberOf(ALL), memberOf(ALL), memberOf(ALL)];
    const heartbeat = beat();
    jest.runAllTimers();

    const [batch] = members[0]!.batches;
    expect(members.map(({ batches }) => batches)).toEqual([[batch], [batch], [batch]]);
    expect(batch!.frames).toBe(batch!.frames);
    const view = JSON.stringify(sampleHeartbeatView(heartbeat));
    expect(batch!.texts).toEqual([`{"event":"monitor:all:heartbeat","data":${view}}`]);
    expect(batch!.packets).toEqual([`2["monitor:all:heartbeat",${view}]`]);
    expect(batch!.packetFrames.subarray(4).toString()).toBe(`42["monitor:all:heartbeat",${view}]`);
  });

  it('does not let the first message wait, and sends what follows within 50 ms together', () => {
    const member = memberOf(ALL);
    beat();
    jest.advanceTimersByTime(1);
    expect(member.events).toHaveLength(1);

    beat();
    beat();
    jest.advanceTimersByTime(COALESCE_MS - 2);
    expect(member.batches).toHaveLength(1);
    jest.advanceTimersByTime(2);
    expect(member.batches).toHaveLength(2);
    expect(member.events).toHaveLength(3);
  });

  it.each([
    ['twenty times as long as they take', 10, 200],
    ['but not longer than a quarter of a second', 100, 250],
    ['and no shorter than usual', 1, COALESCE_MS],
  ])('lets sockets that take long to tell rest %s', (_what, costMs, quietMs) => {
    const member = memberOf(ALL);
    const deliver = member.deliver.bind(member);
    member.deliver = (batch) => {
      deliver(batch);
      jest.advanceTimersByTime(costMs);
    };
    beat();
    jest.advanceTimersByTime(1);
    beat();
    jest.advanceTimersByTime(quietMs - 2);
    expect(member.batches).toHaveLength(1);
    jest.advanceTimersByTime(2);

    expect(member.batches).toHaveLength(2);
  });

  it('tells a member of both rooms once in each, the room of the monitor first, whoever joined when', () => {
    const member = memberOf(ALL, roomOf(monitorId), roomOf(otherId));
    beat(otherId);
    beat();
    jest.runAllTimers();

    expect(member.events).toEqual([
      `monitor:${otherId}:heartbeat`,
      `monitor:${monitorId}:heartbeat`,
      'monitor:all:heartbeat',
      'monitor:all:heartbeat',
    ]);
  });

  it('tells rooms of their monitor only, with and without somebody in the room of all', () => {
    const member = memberOf(roomOf(monitorId));
    beat(otherId);
    beat();
    const all = memberOf(ALL);
    beat(otherId);
    beat();
    jest.runAllTimers();
    registry.leaveAll(all);
    beat();
    jest.runAllTimers();

    expect(member.events).toEqual(Array(3).fill(`monitor:${monitorId}:heartbeat`));
    expect(all.events).toHaveLength(2);
  });

  it('tells nobody what happened before they joined', () => {
    const early = memberOf(ALL);
    beat();
    const late = memberOf(ALL);
    jest.runAllTimers();

    expect(early.events).toHaveLength(1);
    expect(late.events).toEqual([]);
  });

  it('tells nobody what happens after they left, even what was waiting', () => {
    const staying = memberOf(ALL);
    const leaving = memberOf(ALL);
    beat();
    registry.leave(leaving, ALL);
    jest.runAllTimers();

    expect(leaving.events).toEqual([]);
    expect(staying.events).toHaveLength(1);
  });

  it('has monitor events for /api/v1/ws only, with nothing but id, name and status', () => {
    const member = memberOf(ALL);
    const secret = {
      id: monitorId,
      name: 'Shop',
      status: 'pending' as const,
      config: 'secret',
      previous: 'up' as const,
    };
    bus.publish('monitor.status.changed', secret, monitorId);
    bus.publish('monitor.deleted', { id: monitorId }, monitorId);
    jest.runAllTimers();

    expect(member.batches[0]!.texts).toEqual([
      `{"event":"monitor.status.changed","data":{"id":"${monitorId}","name":"Shop","status":2}}`,
      `{"event":"monitor.deleted","data":{"id":"${monitorId}"}}`,
    ]);
    expect(member.batches[0]!.packets).toEqual([]);
  });

  it('lets a member into a hundred rooms', () => {
    const member = new Member();
    const joined = Array.from({ length: MAX_ROOMS + 1 }, (_, i) => registry.join(member, `monitor:${i}`));

    expect(joined).toEqual([...Array(MAX_ROOMS).fill(true), false]);
    expect(registry.join(member, 'monitor:0')).toBe(true);
    registry.leave(member, 'monitor:0');
    expect(registry.join(member, `monitor:${MAX_ROOMS}`)).toBe(true);
  });

  it('does not let in who has started to close', () => {
    const member = new Member();
    member.isOpen = false;
    registry.join(member, ALL);

    expect(bus.topics).toEqual([]);
  });

  it('serves the others when one cannot be written to, and forgets that one', () => {
    const broken = memberOf(ALL);
    broken.deliver = () => {
      throw new Error('broken');
    };
    const healthy = memberOf(ALL);
    const error = jest.spyOn(registry['logger'], 'error').mockImplementation();
    beat();
    jest.runAllTimers();
    beat();
    jest.runAllTimers();

    expect(healthy.events).toHaveLength(2);
    expect(error).toHaveBeenCalledTimes(1);
  });

  it('lets go of everything when it closes', () => {
    memberOf(ALL, roomOf(monitorId));
    beat();
    registry.close();

    expect(bus.topics).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
