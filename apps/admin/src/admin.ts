import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { StartupError, loadEnv } from '@app/core';
import { PASSWORD_RULE, isStrongPassword } from '@app/modules/auth';
import { UserAccountsService } from '@app/modules/users';
import { environment } from '@app/platform/environment';
import { AuditTrail } from '@app/platform';
import { NestFactory } from '@nestjs/core';
import { AdminModule } from './admin.module';

const USAGE = `Usage: npm run admin -- reset-password EMAIL [--stdin] [--disable-2fa]
  --stdin        takes the new password from standard input instead of making one up
  --disable-2fa  lets the user in without a code, too`;

/** For whom it takes to notice that a session is over, when nobody tells them. */
const NOTICED = 'Servers that run notice within a minute that the sessions are over';

interface Order {
  email: string;
  fromStdin: boolean;
  disableTwoFactor: boolean;
}

/**
 * Helps those who are locked out, on the database that the variables name, whether a server runs on it or not.
 * @returns what to tell @throws StartupError with what to do
 */
export async function administer(
  args: string[],
  variables: NodeJS.ProcessEnv,
  stdin: NodeJS.ReadableStream,
): Promise<string[]> {
  const { email, fromStdin, disableTwoFactor } = parse(args);
  const env = loadEnv(environment(variables));
  const password = fromStdin ? (await text(stdin)).replace(/\r?\n$/, '') : makeUpPassword();
  if (!isStrongPassword(password)) throw new StartupError(PASSWORD_RULE);
  const app = await NestFactory.createApplicationContext(await AdminModule.forRoot(env), {
    logger: false,
    abortOnError: false,
  });
  try {
    const user = await app.get(UserAccountsService).resetPassword(email, password, { disableTwoFactor });
    if (!user) throw new StartupError(`No user has the e-mail ${email}`);
    app.get(AuditTrail).record({
      principal: { kind: 'command', id: '', name: userInfo().username },
      action: 'reset-password',
      resource: 'users',
      resourceId: user.id,
      fields: disableTwoFactor ? ['password', 'twofa_status'] : ['password'],
      method: '',
      route: 'npm run admin',
      address: '',
      userAgent: '',
    });
  } finally {
    await app.close();
  }
  const done = disableTwoFactor ? 'The password is changed, 2FA is off' : 'The password is changed';
  return fromStdin ? [done, NOTICED] : [`New password: ${password}`, NOTICED];
}

function parse(args: string[]): Order {
  const { values, positionals } = read(args);
  const [command, email, ...rest] = positionals;
  if (command !== 'reset-password' || email === undefined || rest.length > 0) throw new StartupError(USAGE);
  return { email, fromStdin: values.stdin === true, disableTwoFactor: values['disable-2fa'] === true };
}

function read(args: string[]) {
  try {
    const options = { stdin: { type: 'boolean' }, 'disable-2fa': { type: 'boolean' } } as const;
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new StartupError(USAGE, { cause: error });
  }
}

/** 120 bits, of the kinds of characters that the rule asks for. */
function makeUpPassword(): string {
  for (;;) {
    const password = randomBytes(15).toString('base64url');
    if (isStrongPassword(password)) return password;
  }
}
