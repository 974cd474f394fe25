import { AppError, SECOND } from '@app/core';
import type { Events } from '@app/core';
import { InProcessEventBus } from '@app/messaging/in-process';
import { FakeClock, NOON } from '../../../../../test/support/clock';
import type { AccessTokens } from '../../auth/tokens/access-tokens';
import type { AccessGrant } from '../../auth/tokens/jwt.strategy';
import { RealtimeTimings } from '../limits';
import { SocketSessions } from './socket-sessions';

const grantOf = (userId: string, sessionId: string, expiresAt = Infinity): AccessGrant => ({
  principal: { kind: 'user', userId, email: 'a@acme.test', role: 'viewer', sessionId },
  expiresAt,
});

describe('SocketSessions', () => {
  const clock = new FakeClock();
  let bus: InProcessEventBus;
  let sessions: SocketSessions;
  const verify = jest.fn<Promise<AccessGrant>, [string]>();

  beforeEach(() => {
    jest.useFakeTimers();
    clock.set(NOON);
    bus = new InProcessEventBus((error) => {
      throw error;
    });
    const tokens = { verify } as unknown as AccessTokens;
    sessions = new SocketSessions(tokens, bus, clock, new RealtimeTimings());
    sessions.onModuleInit();
  });

  afterEach(() => {
    sessions.onModuleDestroy();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  function open(grant: AccessGrant, onEnd: () => void) {
    verify.mockResolvedValueOnce(grant);
    return sessions.open('token', onEnd);
  }

  it.each<[string, Events['session.ended'], string[]]>([
    ['one session', { userId: 'u', sessionId: '1' }, ['u1']],
    ['all of a user', { userId: 'u' }, ['u1', 'u2']],
    ['all of a user but one', { userId: 'u', exceptSessionId: '1' }, ['u2']],
    ['sessions of somebody who has none', { userId: 'w' }, []],
  ])('ends %s', async (_what, end, expected) => {
    const ended: string[] = [];
    for (const [user, session] of ['u1', 'u2', 'v1'].map((name) => [...name] as [string, string])) {
      await open(grantOf(user, session), () => ended.push(user + session));
    }
    bus.publish('session.ended', end);
    bus.publish('session.ended', end);

    expect(ended).toEqual(expected);
  });

  it('ends a session within a second of the expiry of its token, once', async () => {
    const onEnd = jest.fn();
    await open(grantOf('u', '1', NOON + 10 * SECOND), onEnd);
    clock.advance(10 * SECOND - 1);
    jest.advanceTimersByTime(SECOND);
    expect(onEnd).not.toHaveBeenCalled();
    clock.advance(1);
    jest.advanceTimersByTime(2 * SECOND);

    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it('does not end what was released', async () => {
    const onEnd = jest.fn();
    (await open(grantOf('u', '1', NOON + SECOND), onEnd)).release();
    clock.advance(SECOND);
    bus.publish('session.ended', { userId: 'u' });
    jest.advanceTimersByTime(2 * SECOND);

    expect(onEnd).not.toHaveBeenCalled();
  });

  it('refuses a token whose session ends while it is looked up', async () => {
    let found: (grant: AccessGrant) => void = () => undefined;
    verify.mockReturnValueOnce(new Promise((resolve) => (found = resolve)));
    const opened = sessions.open('token', jest.fn());
    bus.publish('session.ended', { userId: 'u', sessionId: '1' });
    found(grantOf('u', '1'));

    await expect(opened).rejects.toEqual(new AppError('unauthorized', 'Unauthorized'));
  });

  it('refuses a token that has just expired', async () => {
    await expect(open(grantOf('u', '1', NOON), jest.fn())).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
