import { HOUR } from '@app/core';
import type { Role } from '@app/platform';
import { JwtService } from '@nestjs/jwt';
import { useApi } from '../support/api';
import type { Answer, Api } from '../support/api';
import { FakeClock } from '../support/clock';
import { createKey } from '../support/keys';
import { signInAs } from '../support/people';
import { ROUTES } from '../support/route-table';
import type { Route } from '../support/route-table';
import { routesOf } from '../support/routes-of';
import { NOT_ALLOWED, NO_CREDENTIALS, refused } from '../support/wire';

const ROLES: Role[] = ['viewer', 'editor', 'admin'];
const NO_SESSION = refused(401, 'Authorization header is required');
const NO_TOKEN = refused(401, 'Invalid or expired token');
const NO_KEY = refused(401, 'Invalid or expired API key');

describe('every route', () => {
  const clock = new FakeClock();
  const api = useApi({ clock, env: { THROTTLE_LIMIT: '0', THROTTLE_AUTH_LIMIT: '0' } });
  const keys = new Map<Role, Api>();
  let expired: Api;
  let foreign: Api;

  beforeAll(async () => {
    for (const role of ROLES) keys.set(role, (await createKey(api.app, await signInAs(api.app, role))).api);
    expired = api.as(api.accessToken());
    const claims = api.app.get(JwtService).decode<object>(api.accessToken());
    clock.advance(HOUR);
    await api.renew();
    const times = { exp: clock.now() / 1000 + 900, nbf: clock.now() / 1000, iat: clock.now() / 1000 };
    foreign = api.as(api.app.get(JwtService).sign({ ...claims, ...times }, { secret: 'of another server' }));
  });

  it('is in the table, and nothing else is', () => {
    expect(ROUTES.map(({ name }) => name).sort()).toEqual(routesOf(api.app));
  });

  const call = (who: Api, { method, path, body }: Route): Promise<Answer> =>
    who.send({ method, path, text: body && JSON.stringify(body) });
  const isAllowed = (role: Role, { allow }: Route) =>
    allow === 'everyone' || ROLES.indexOf(role) >= ROLES.indexOf(allow);

  describe.each(ROUTES.map((route): [string, Route] => [route.name, route]))('%s', (_, route) => {
    const isOpen = route.allow === 'everyone';
    const succeeds = expect.objectContaining({ status: route.status });
    const open = (otherwise: unknown) => (isOpen ? succeeds : otherwise);

    it('without credentials', async () => {
      await expect(call(api.as(undefined), route)).resolves.toEqual(
        open(route.takesKeys ? NO_CREDENTIALS : NO_SESSION),
      );
    });

    it('with an expired token, and with one of another server', async () => {
      await expect(call(expired, route)).resolves.toEqual(open(NO_TOKEN));
      await expect(call(foreign, route)).resolves.toEqual(open(NO_TOKEN));
    });

    it.each(ROLES)('as a(n) %s', async (role) => {
      const who = await signInAs(api.app, role); // each time anew, as some routes end sessions
      await expect(call(who, route)).resolves.toEqual(isAllowed(role, route) ? succeeds : NOT_ALLOWED);
    });

    it.each(ROLES)('with a key of a(n) %s', async (role) => {
      const expected = isAllowed(role, route) ? succeeds : NOT_ALLOWED;
      await expect(call(keys.get(role)!, route)).resolves.toEqual(open(route.takesKeys ? expected : NO_SESSION));
    });

    it('with a key that is no good beside a good token', async () => {
      const who = (await signInAs(api.app, 'admin')).with({ 'x-api-key': 'pk_nonsense_' });
      await expect(call(who, route)).resolves.toEqual(route.takesKeys ? NO_KEY : succeeds);
    });
  });
});
