import { DAY, Store } from '@app/core';
import { SessionsService } from '@app/modules/auth';
import { TokenIssuer } from '@app/modules/auth/tokens/token-issuer';
import { User } from '@app/modules/users';
import type { Role } from '@app/platform';
import { Api } from './api';
import type { RunningApp } from './app';

/** A client with a session of its own of somebody of that role, who is put straight into the store: no password is hashed. */
export async function signInAs(app: RunningApp, role: Role): Promise<Api> {
  const email = `${role}@acme.test`;
  const users = app.get(Store).collection(User);
  const user =
    (await users.findOne({ emailKey: email })) ??
    (await users.insert({
      email,
      emailKey: email,
      password: '!',
      active: true,
      role,
      seat: null,
      totpSecret: null,
      totpEnabled: false,
      totpLastStep: null,
    }));
  const session = await app.get(SessionsService).open(user.id, DAY);
  const { accessToken } = await app.get(TokenIssuer).issue(user, session.id);
  return new Api(app).as(accessToken);
}
