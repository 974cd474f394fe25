import { readFileSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ADMIN, send, signUp } from '../support/api';
import { webhookBody } from '../support/monitors';
import { useServerFolder } from '../support/server-process';
import { HttpSink } from '../support/sinks/http-sink';
import { SmtpSink } from '../support/sinks/smtp-sink';

const STANDALONE = path.resolve(__dirname, '../../dist/standalone');

/** What classes are compared by, or what they are registered with: two copies would not know each other. */
const SINGLE = /^(@nestjs\/.+|class-transformer|class-validator|fastify|reflect-metadata|rxjs|typeorm|ws)$/;

const LIST_REQUIRED = `process.on('exit', () => {
  process.stdout.write(JSON.stringify({ required: Object.keys(require.cache) }) + '\\n');
});`;

/** The server runs from one file, and takes from node_modules what it needs later. */
describe('the compiled server', () => {
  const folder = useServerFolder();
  let http: HttpSink;
  let smtp: SmtpSink;

  beforeEach(async () => {
    http = await HttpSink.start();
    smtp = await SmtpSink.start();
  });
  afterEach(() => Promise.all([http.stop(), smtp.stop()]));

  it('finds what it loads when it is first used, and loads no second copy of what it contains', async () => {
    const hook = path.join(folder.path, 'list-required.cjs');
    await writeFile(hook, LIST_REQUIRED);
    const server = await folder.start({ NODE_OPTIONS: `--require ${hook}` });
    const { api } = await signUp(server);
    const custom = { webhook_url: http.url, webhook_content_type: 'custom', webhook_custom_body: '{{ name }}!' };
    const login = { username: 'u', password: 'p' };
    const mail = { smtp_host: '127.0.0.1', smtp_port: smtp.port, ...login, from: 'a@acme.test', to: 'b@acme.test' };
    const test = (type: string, config: object) =>
      api.post('/notification-channels/test', webhookBody('', { type, config: JSON.stringify(config) }));
    const get = (route: string) => send(server.url, { method: 'GET', path: route });

    const answers = {
      page: await get('/swagger/index.html'),
      script: await get('/swagger/swagger-ui-bundle.js'),
      document: await get('/swagger/doc.json'),
      socketIo: await get('/socket.io/?EIO=4&transport=polling'),
      twoFactor: await api.post('/auth/2fa/setup', ADMIN),
      liquid: await test('webhook', custom),
      mail: await test('smtp', mail),
    };
    server.signal('SIGTERM');
    await expect(server.ended()).resolves.toBe(0);

    const statuses = Object.entries(answers).map(([name, { status }]) => [name, status]);
    expect(Object.fromEntries(statuses)).toEqual({
      page: 200,
      script: 200,
      document: 200,
      socketIo: 200,
      twoFactor: 200,
      liquid: 200,
      mail: 200,
    });
    expect(http.requests).toHaveLength(1);
    expect(smtp.mails).toHaveLength(1);
    const { required } = JSON.parse(server.lines.at(-1)!) as { required: string[] };
    const loaded = new Set(required.map(packageOf));
    expect(loaded).toContain('better-sqlite3');
    expect([...bundled()].filter((name) => SINGLE.test(name) && loaded.has(name))).toEqual([]);
    expect(bundled()).toContain('@nestjs/core');
  });
});

/** @returns the packages in the bundle, by their path below the topmost node_modules */
function bundled(): Set<string> {
  const map = readdirSync(STANDALONE).find((name) => name.endsWith('.map'))!;
  const { sources } = JSON.parse(readFileSync(path.join(STANDALONE, map), 'utf8')) as { sources: string[] };
  return new Set(sources.map((source) => packageOf(path.resolve(STANDALONE, source))));
}

function packageOf(file: string): string {
  return /node_modules\/((?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? '';
}
