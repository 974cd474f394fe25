import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { ADMIN, Api } from '../support/api';
import { useServerFolder } from '../support/server-process';

const MAIN = path.resolve(__dirname, '../../dist/admin/main.js');

/** `npm run admin -- reset-password`, for those who are locked out. */
describe('the admin command', () => {
  const folder = useServerFolder();

  async function admin(args: string[], input = ''): Promise<{ code: number; output: string; problem: string }> {
    const env = { PATH: process.env.PATH, ...folder.place.env };
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder.path, env, stdio: 'pipe' });
    child.stdin.end(input);
    const [output, problem, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code: code as number, output, problem };
  }
  const login = (server: { url: string }, password: string) =>
    new Api(server).post('/auth/login', { email: ADMIN.email, password });

  it('makes up a password while the server runs, and ends the sessions', async () => {
    const server = await folder.start();
    const { refreshToken } = (await new Api(server).post('/auth/register', ADMIN)).body.data;

    const { code, output, problem } = await admin(['reset-password', ADMIN.email.toUpperCase()]);

    expect({ code, problem }).toEqual({ code: 0, problem: '' });
    const password = /^New password: (\S{20})$/m.exec(output)![1]!;
    await expect(login(server, ADMIN.password)).resolves.toMatchObject({ status: 401 });
    await expect(login(server, password)).resolves.toMatchObject({ status: 200 });
    await expect(new Api(server).post('/auth/refresh', { refreshToken })).resolves.toMatchObject({ status: 401 });
  }, 60_000);

  it('takes a password from standard input while no server runs', async () => {
    const first = await folder.start();
    await new Api(first).post('/auth/register', ADMIN);
    await first.kill();

    await expect(admin(['reset-password', ADMIN.email, '--stdin'], 'weak\n')).resolves.toMatchObject({
      code: 1,
      problem: expect.stringMatching(/^Password must be at least 8 characters/),
    });
    const given = await admin(['reset-password', ADMIN.email, '--stdin', '--disable-2fa'], 'OtherPassword99?\n');

    expect(given).toMatchObject({ code: 0, output: expect.stringMatching(/^The password is changed, 2FA is off\n/) });
    expect(given.output).not.toContain('OtherPassword99?');
    await expect(login(await folder.start(), 'OtherPassword99?')).resolves.toMatchObject({ status: 200 });
  }, 60_000);

  it.each([
    [[], /^Usage: npm run admin -- reset-password EMAIL/],
    [['reset-password'], /^Usage:/],
    [['reset-password', 'a@acme.test', 'b@acme.test'], /^Usage:/],
    [['reset-password', 'a@acme.test', '--force'], /^Usage:/],
    [['reset-password', 'nobody@acme.test'], /schema is behind/],
  ])('says in words what is wrong with %j', async (args, problem) => {
    await expect(admin(args)).resolves.toEqual({ code: 1, output: '', problem: expect.stringMatching(problem) });
  });

  it('does not know everybody', async () => {
    await (await folder.start()).kill();

    await expect(admin(['reset-password', 'nobody@acme.test'])).resolves.toEqual({
      code: 1,
      output: '',
      problem: 'No user has the e-mail nobody@acme.test\n',
    });
  });
});
