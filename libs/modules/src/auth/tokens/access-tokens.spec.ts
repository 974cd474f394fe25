import { MINUTE, newId } from '@app/core';
import type { EventBus } from '@app/core';
import { InProcessEventBus } from '@app/messaging/in-process';
import { sign } from 'jsonwebtoken';
import { openTemporary } from '../../../../../test/contract/sqlite';
import type { TestDatabase } from '../../../../../test/contract/sqlite';
import { User } from '../../users/user.entity';
import { UsersRepository } from '../../users/users.repository';
import { UsersService } from '../../users/users.service';
import { InstanceSecret } from '../secrets/instance-secret.entity';
import { InstanceSecrets } from '../secrets/instance-secrets';
import { Session } from '../sessions/session.entity';
import { SessionsService } from '../sessions/sessions.service';
import { AccessTokens } from './access-tokens';
import { JwtStrategy } from './jwt.strategy';

describe('AccessTokens', () => {
  let database: TestDatabase;
  let secrets: InstanceSecrets;
  let user: User;
  let session: Session;
  const bus: EventBus = new InProcessEventBus((error) => {
    throw error;
  });

  /** One server of several on the same database and bus. */
  const start = (ownBus = bus) => {
    const { store, clock } = database;
    const sessions = new SessionsService(store, ownBus, clock);
    const users = new UsersService(new UsersRepository(store));
    return { sessions, tokens: new AccessTokens(new JwtStrategy(secrets, clock, sessions, users), clock, ownBus) };
  };
  const token = (changes: object = {}) => {
    const now = database.clock.now() / 1000;
    const claims = { userId: user.id, email: user.email, type: 'access', exp: now + 900, nbf: now, iat: now };
    const changed = { ...claims, sid: session.id, role: 'admin', ...changes };
    return sign(JSON.parse(JSON.stringify(changed)) as object, secrets.access, { noTimestamp: true });
  };
  const refused = { code: 'unauthorized', message: 'Invalid or expired token' };

  beforeAll(async () => {
    database = await openTemporary([User, Session, InstanceSecret]);
    secrets = await InstanceSecrets.load(database.store);
    const users = new UsersService(new UsersRepository(database.store));
    user = await users.createFirst('ops@acme.test', 'hash');
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    session = await start().sessions.open(user.id, 60 * MINUTE);
  });

  it('say who it is, and until when', async () => {
    await expect(start().tokens.verify(token())).resolves.toMatchObject({
      principal: { kind: 'user', userId: user.id, email: user.email, role: 'admin', sessionId: session.id },
      expiresAt: database.clock.now() + 15 * MINUTE,
    });
  });

  it('answer everybody who asks while others wait for the database', async () => {
    const { sessions, tokens } = start();
    const find = sessions.find.bind(sessions);
    sessions.find = async (id) => {
      await new Promise(setImmediate);
      return find(id);
    };
    const good = token();

    const answers = await Promise.allSettled([good, good, token({ sid: newId() }), good].map((t) => tokens.verify(t)));

    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('end with their session when they have no end of their own', async () => {
    const endless = token({ exp: undefined, nbf: undefined });
    await expect(start().tokens.verify(endless)).resolves.toMatchObject({ expiresAt: session.expiresAt.getTime() });
  });

  it.each([
    ['an unknown session', { sid: 'nope' }],
    ['no session', { sid: undefined }],
    ['another user', { userId: 'nobody' }],
    ['an end that has come', { exp: 1 }],
    ['a beginning to come', { nbf: 9_999_999_999 }],
  ])('are refused with %s', async (_, changes) => {
    await expect(start().tokens.verify(token(changes))).rejects.toMatchObject(refused);
  });

  it('are refused when they are refresh tokens', async () => {
    await expect(start().tokens.verify(token({ type: 'refresh' }))).rejects.toMatchObject({
      message: 'Invalid token type',
    });
    await expect(start().tokens.verify(sign({ type: 'refresh' }, secrets.refresh))).rejects.toMatchObject(refused);
  });

  it('take the role of the user, not of the token', async () => {
    const { principal } = await start().tokens.verify(token({ role: 'viewer' }));
    expect(principal.role).toBe('admin');
  });

  it('are remembered, and forgotten by every server when the session ends', async () => {
    const [one, other] = [start(), start()];
    const text = token();
    await one.tokens.verify(text);
    await other.tokens.verify(text);
    expect(other.tokens.recall(text)).not.toBeNull();

    await one.sessions.end(user.id, session.id);

    expect(other.tokens.recall(text)).toBeNull();
    await expect(other.tokens.verify(text)).rejects.toMatchObject(refused);
  });

  it('stay remembered when other sessions end', async () => {
    const { tokens, sessions } = start();
    const text = token();
    await tokens.verify(text);

    await sessions.endAll(user.id, session.id);
    await sessions.end(user.id, 'another');
    expect(tokens.recall(text)).not.toBeNull();

    await sessions.endAll(user.id);
    expect(tokens.recall(text)).toBeNull();
  });

  it('are not remembered when the session ends while they are looked at', async () => {
    const { tokens, sessions } = start();
    const text = token();

    await Promise.allSettled([tokens.verify(text), sessions.end(user.id, session.id)]);

    expect(tokens.recall(text)).toBeNull();
  });

  it('are looked at again after a minute, should the news have been lost', async () => {
    const deaf = start(new InProcessEventBus(() => undefined));
    const text = token();
    await deaf.tokens.verify(text);
    await start().sessions.end(user.id, session.id);
    expect(deaf.tokens.recall(text)).not.toBeNull();

    database.clock.advance(MINUTE);

    await expect(deaf.tokens.verify(text)).rejects.toMatchObject(refused);
  });

  it('are no longer recalled once they have expired', async () => {
    const { tokens } = start();
    const text = token({ exp: database.clock.now() / 1000 + 30 });
    await tokens.verify(text);

    database.clock.advance(MINUTE / 2);

    expect(tokens.recall(text)).toBeNull();
    await expect(tokens.verify(text)).rejects.toMatchObject(refused);
  });
});
