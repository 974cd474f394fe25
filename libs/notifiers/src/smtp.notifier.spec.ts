import { once } from 'node:events';
import type { Server } from 'node:net';
import { connect, createServer } from 'node:net';
import * as tls from 'node:tls';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { generate } from 'selfsigned';
import {
  certificateMessage,
  deliverTo,
  downMessage,
  saying,
  outbound as realOutbound,
  outboundWith,
} from '../../../test/support/sinks/deliveries';
import type { SmtpSinkOptions } from '../../../test/support/sinks/smtp-sink';
import { SmtpSink } from '../../../test/support/sinks/smtp-sink';

const config = (port: number, changes: Record<string, unknown> = {}) => ({
  smtp_host: '127.0.0.1',
  smtp_port: port,
  smtp_secure: false,
  username: 'u',
  password: 'p',
  from: 'alerts@example.org',
  to: 'oncall@example.org',
  ...changes,
});

describe('smtp', () => {
  let sink: SmtpSink;
  beforeAll(async () => (sink = await SmtpSink.start()));
  afterEach(() => sink.reset());
  afterAll(() => sink.stop());

  const send = async (changes: Record<string, unknown> = {}, message = downMessage()) => {
    await deliverTo('smtp', config(sink.port, changes), message);
    return sink.mails[0]!;
  };

  it('submits a plain-text mail', async () => {
    const { data, ...envelope } = await send();

    expect(envelope).toEqual({
      secure: false,
      helo: 'localhost',
      auth: { method: 'PLAIN', username: 'u', password: 'p' },
      mailFrom: 'alerts@example.org',
      rcptTo: ['oncall@example.org'],
    });
    expect(data).toContain('\r\n\r\nHTTP request failed with status: 503\r\n');
    const { subject, from, to, date, headers, text } = await simpleParser(data);
    expect(subject).toBe('Peekaping Notification');
    expect(from?.text).toBe('alerts@example.org');
    expect(to).toMatchObject({ text: 'oncall@example.org' });
    expect(date).toBeInstanceOf(Date);
    expect(headers.get('content-type')).toMatchObject({ value: 'text/plain' });
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(text).toBe('HTTP request failed with status: 503\n');
  });

  it('derives the message id from the idempotency key, so that every attempt has the same', async () => {
    const ids: (string | undefined)[] = [];
    for (const idempotencyKey of ['a', 'a', 'b']) {
      const { data } = await send({}, downMessage({ idempotencyKey }));
      ids.push((await simpleParser(data)).messageId);
      sink.reset();
    }

    expect(ids[0]).toMatch(/^<[0-9a-f]{32}@example\.org>$/);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('encodes what is not ASCII', async () => {
    const { data } = await send({
      custom_subject: '{{ name }} {{ status_icon }} ist weg',
      custom_body: 'Grüße\n.dot\n',
    });

    expect(data).toMatch(/^Subject: =\?UTF-8\?/m);
    const { subject, text } = await simpleParser(data);
    expect(subject).toBe('Checkout API ❌ ist weg');
    expect(text).toBe('Grüße\n.dot\n');
  });

  it('keeps a subject of several lines in its header', async () => {
    const { data } = await send({ custom_subject: '{{ msg }}' }, saying('a\r\nX-Injected: 1\n\nb'));

    const mail = await simpleParser(data);
    expect(mail.headers.has('x-injected')).toBe(false);
    expect(mail.subject).toBe('a X-Injected: 1 b');
  });

  it('takes lists of addresses with names', async () => {
    const mail = await send({
      from: 'Alerts <alerts@acme.test>',
      to: 'a@acme.test, "Doe, Jo" <b@acme.test>',
      cc: 'c@acme.test',
      bcc: 'd@acme.test',
    });

    expect(mail.mailFrom).toBe('alerts@acme.test');
    expect(mail.rcptTo).toEqual(['a@acme.test', 'b@acme.test', 'c@acme.test', 'd@acme.test']);
    expect(mail.data).not.toContain('d@acme.test');
    expect((await simpleParser(mail.data)).from?.text).toBe('"Alerts" <alerts@acme.test>');
  });

  it('drops the placeholders of the web client from cc and bcc', async () => {
    const { rcptTo, data } = await send({ cc: 'cc@example.com, real@acme.test', bcc: 'bcc@Example.NET' });

    expect(rcptTo).toEqual(['oncall@example.org', 'real@acme.test']);
    expect(data).not.toContain('cc@example.com');
  });

  it('falls back to the defaults for broken templates, also in a test', async () => {
    const broken = config(sink.port, { custom_subject: '{% bad %}', custom_body: '{% bad %}' });

    await deliverTo('smtp', broken, certificateMessage(), { test: true });

    const { subject, text } = await simpleParser(sink.mails[0]!.data);
    expect(subject).toBe('Peekaping Notification');
    expect(text).toBe('🚨 Certificate Expiry Warning\n\nMonitor: Checkout API\n');
  });

  it.each([
    [{ password: 'bad' }, '535 bad', false],
    [{ from: 'nobody' }, /from holds no mail address|^5\d\d /, false],
    [{ to: ';' }, 'No recipients defined', false],
    [{ smtp_secure: true }, /^tls: STARTTLS was refused: 5\d\d /, false],
  ])('with %j fails for good', async (changes, message, retryable) => {
    const text = typeof message === 'string' ? message : expect.stringMatching(message);
    await expect(send(changes)).rejects.toMatchObject({ message: text, retryable });
    expect(sink.mails).toEqual([]);
  });

  it('tells a port where nobody listens', async () => {
    const gone = await SmtpSink.start();
    const { port } = gone;
    await gone.stop();

    await expect(deliverTo('smtp', config(port))).rejects.toMatchObject({
      message: expect.stringContaining('connection refused'),
      retryable: true,
    });
  });
});

describe('smtp, with another server', () => {
  let sink: SmtpSink;
  afterEach(() => sink.stop());

  const start = async (options: SmtpSinkOptions) => (sink = await SmtpSink.start(options));

  it('needs AUTH', async () => {
    await start({ withoutAuth: true });

    await expect(deliverTo('smtp', config(sink.port))).rejects.toThrow("smtp: server doesn't support AUTH");
  });

  it('never sends the password unencrypted over the network', async () => {
    await start({});
    const outbound = outboundWith({ connect: () => Promise.resolve(connect(sink.port, '127.0.0.1')) });
    const elsewhere = config(sink.port, { smtp_host: 'mail.acme.test' });

    await expect(deliverTo('smtp', elsewhere, downMessage(), { outbound })).rejects.toThrow('unencrypted connection');
    expect(sink.mails).toEqual([]);
  });

  it('counts a mail as sent when one recipient is accepted, and names the others', async () => {
    await start({ refuse: { gone: 550 } });
    const warn = jest.fn();

    await deliverTo('smtp', config(sink.port, { to: 'gone@acme.test, here@acme.test' }), downMessage(), { warn });

    expect(sink.mails).toMatchObject([{ rcptTo: ['here@acme.test'] }]);
    expect(warn).toHaveBeenCalledWith('the mail server refused these recipients: gone@acme.test');
  });

  it.each([
    [550, false],
    [450, true],
  ])('reports a recipient refused with %d', async (code, retryable) => {
    await start({ refuse: { oncall: code } });

    await expect(deliverTo('smtp', config(sink.port))).rejects.toMatchObject({
      message: `${code} no such user`,
      retryable,
    });
  });
});

describe('smtp over TLS', () => {
  let certificate: { private: string; cert: string };
  let sink: SmtpSink;
  beforeAll(async () => {
    certificate = await generate([{ name: 'commonName', value: 'localhost' }], {
      keySize: 2048,
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await sink.stop();
  });

  const start = async (options: SmtpSinkOptions = {}) =>
    (sink = await SmtpSink.start({ tls: { key: certificate.private, cert: certificate.cert }, ...options }));

  /** The system's list of authorities is the one thing here that a test cannot bring along. */
  const trust = () => {
    const original = tls.connect;
    jest
      .spyOn(jest.requireActual<{ connect: unknown }>('node:tls'), 'connect' as never)
      .mockImplementation(((options: tls.ConnectionOptions, done?: () => void) =>
        original({ ...options, ca: certificate.cert }, done)) as never);
  };

  it.each([false, true])('takes STARTTLS when it is offered (smtp_secure %s)', async (smtp_secure) => {
    await start();
    trust();

    await deliverTo('smtp', config(sink.port, { smtp_host: 'localhost', smtp_secure }));

    expect(sink.mails).toMatchObject([{ secure: true }]);
  });

  it('speaks TLS from the first byte on port 465', async () => {
    await start({ implicitTls: true });
    trust();
    const asked: object[] = [];
    const outbound = outboundWith({
      connect: ({ host, port, signal }: { host: string; port: number; signal: AbortSignal }) => {
        asked.push({ host, port });
        return realOutbound.connect({ host, port: sink.port, signal });
      },
    });

    await deliverTo('smtp', config(465, { smtp_host: 'localhost' }), downMessage(), { outbound });

    expect(asked).toEqual([{ host: 'localhost', port: 465 }]);
    expect(sink.mails).toMatchObject([{ secure: true }]);
  });

  it('does not fall back when the certificate is not trusted', async () => {
    await start();

    await expect(deliverTo('smtp', config(sink.port, { smtp_host: 'localhost' }))).rejects.toThrow(
      /^tls: failed to verify certificate: /,
    );
    expect(sink.mails).toEqual([]);
  });
});

describe('smtp, with a server that stays silent', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const port = () => (server.address() as AddressInfo).port;

  it('gives up at the deadline and leaves no connection', async () => {
    const closed = once(server, 'connection').then(([socket]) => once(socket as never, 'close'));
    server.on('connection', (socket) => socket.resume());

    await expect(deliverTo('smtp', config(port()), downMessage(), { timeoutMs: 50 })).rejects.toMatchObject({
      message: 'no answer in time',
      retryable: true,
    });
    await closed;
  });

  it('stops when told to', async () => {
    const controller = new AbortController();
    server.on('connection', (socket) => {
      socket.resume();
      controller.abort();
    });

    await expect(deliverTo('smtp', config(port()), downMessage(), { signal: controller.signal })).rejects.toMatchObject(
      { message: 'cancelled', retryable: true },
    );
  });
});
