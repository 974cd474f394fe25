import { AppError, MINUTE, SECOND } from '@app/core';
import type { Events } from '@app/core';
import { Logger } from '@nestjs/common';
import { InProcessEventBus } from '@app/messaging/in-process';
import { FakeClock, NOON } from '../../../../../test/support/clock';
import type { ApiKeyAuthenticator } from '../../api-keys/api-key.authenticator';
import type { AccessGrant } from '../../auth/grant-cache';
import type { AccessTokens } from '../../auth/tokens/access-tokens';
import { RealtimeTimings } from '../limits';
import { SocketSessions } from './socket-sessions';

const grantOf = (userId: string, sessionId: string, expiresAt = Infinity): AccessGrant => ({
  principal: { kind: 'user', userId, email: 'a@acme.test', role: 'viewer', sessionId },
  expiresAt,
});

const keyGrantOf = (keyId: string, userId: string): AccessGrant => ({
  principal: { kind: 'api-key', keyId, userId, name: 'ci', role: 'viewer' },
  expiresAt: Infinity,
});

const TOKEN = { kind: 'token', token: 'token' } as const;
const KEY = { kind: 'api-key', key: 'pk_key' } as const;

describe('SocketSessions', () => {
  const clock = new FakeClock();
  let bus: InProcessEventBus;
  let sessions: SocketSessions;
  const verify = jest.fn<Promise<AccessGrant>, [string]>();
  const authenticate = jest.fn<Promise<AccessGrant>, [string]>();
  const confirm = jest.fn<Promise<void>, []>();

  beforeEach(() => {
    jest.useFakeTimers();
    clock.set(NOON);
    bus = new InProcessEventBus((error) => {
      throw error;
    });
    const tokens = { verify } as unknown as AccessTokens;
    const keys = { authenticate, confirm } as unknown as ApiKeyAuthenticator;
    sessions = new SocketSessions(tokens, keys, bus, clock, new RealtimeTimings());
    sessions.onModuleInit();
  });

  afterEach(() => {
    sessions.onModuleDestroy();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  function open(grant: AccessGrant, onEnd: () => void) {
    verify.mockResolvedValueOnce(grant);
    return sessions.open(TOKEN, onEnd);
  }

  function openWithKey(grant: AccessGrant, onEnd: () => void) {
    authenticate.mockResolvedValueOnce(grant);
    return sessions.open(KEY, onEnd);
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
    const opened = sessions.open(TOKEN, jest.fn());
    bus.publish('session.ended', { userId: 'u', sessionId: '1' });
    found(grantOf('u', '1'));

    await expect(opened).rejects.toEqual(new AppError('unauthorized', 'Unauthorized'));
  });

  it.each<[string, (bus: InProcessEventBus) => void, string[]]>([
    ['when it is changed', (news) => news.publish('api-key.changed', { id: '1' }), ['key 1']],
    ['when its owner is', (news) => news.publish('user.changed', { id: 'u' }), ['key 1', 'key 2']],
    ['but not when its owner signs out', (news) => news.publish('session.ended', { userId: 'u' }), []],
    ['but not for others', (news) => news.publish('api-key.changed', { id: '3' }), []],
  ])('ends what a key opened %s', async (_what, tell, expected) => {
    const ended: string[] = [];
    await openWithKey(keyGrantOf('1', 'u'), () => ended.push('key 1'));
    await openWithKey(keyGrantOf('2', 'u'), () => ended.push('key 2'));
    tell(bus);

    expect(ended).toEqual(expected);
  });

  it('looks every minute whether somebody may stay, in case that the news were lost', async () => {
    const reported = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const ended: string[] = [];
    await open(grantOf('u', '1'), () => ended.push('token'));
    await openWithKey(keyGrantOf('1', 'u'), () => ended.push('key'));
    const pass = async (ms: number) => {
      clock.advance(ms);
      await jest.advanceTimersByTimeAsync(3 * SECOND); // one is looked at per second
    };
    confirm.mockResolvedValueOnce(undefined);
    verify.mockRejectedValueOnce(new AppError('unavailable', 'The database does not answer'));
    await pass(MINUTE);
    expect(ended).toEqual([]);
    expect(reported).toHaveBeenCalledTimes(1);
    reported.mockRestore();

    confirm.mockRejectedValueOnce(new AppError('unauthorized', 'Invalid or expired API key'));
    verify.mockRejectedValueOnce(new AppError('unauthorized', 'Invalid or expired token'));
    await pass(MINUTE - 1);
    expect(ended).toEqual([]);
    await pass(1);
    expect(ended).toEqual(['token', 'key']);
  });

  it('refuses a token that has just expired', async () => {
    await expect(open(grantOf('u', '1', NOON), jest.fn())).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
