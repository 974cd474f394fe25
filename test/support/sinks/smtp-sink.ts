import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  /** The connection was encrypted. */
  secure: boolean;
  helo: string;
  auth: { method: string; username: string; password: string };
  mailFrom: string;
  rcptTo: string[];
  /** The message as received, CRLF and all. */
  data: string;
}

export interface SmtpSinkOptions {
  /** Key and certificate; without them STARTTLS is not offered. */
  tls?: { key: string; cert: string };
  /** TLS from the first byte. */
  implicitTls?: boolean;
  withoutAuth?: boolean;
  /** Local parts that are refused, by the code of the reply. */
  refuse?: Record<string, number>;
}

/** A mail server on loopback that keeps what it gets. The password "bad" is refused. */
export class SmtpSink {
  readonly mails: ReceivedMail[] = [];
  private readonly server: SMTPServer;

  private constructor({ tls, implicitTls = false, withoutAuth = false, refuse = {} }: SmtpSinkOptions) {
    const disabled = [...(tls ? [] : ['STARTTLS']), ...(withoutAuth ? ['AUTH'] : [])];
    const sessions = new WeakMap<object, ReceivedMail['auth']>();
    const handlers: SMTPServerOptions = {
      onAuth: ({ method, username, password }, session, done) => {
        if (password === 'bad') return done(replyError(535, 'bad'));
        sessions.set(session, { method, username: username ?? '', password: password ?? '' });
        done(null, { user: username });
      },
      onRcptTo: ({ address }, _session, done) => {
        const code = refuse[address.split('@')[0]!];
        done(code ? replyError(code, 'no such user') : undefined);
      },
      onData: (stream, session, done) => {
        const { mailFrom, rcptTo } = session.envelope;
        void text(stream).then((data) => {
          this.mails.push({
            secure: session.secure,
            helo: session.hostNameAppearsAs,
            auth: sessions.get(session)!,
            mailFrom: mailFrom ? mailFrom.address : '',
            rcptTo: rcptTo.map(({ address }) => address),
            data,
          });
          done();
        });
      },
    };
    const options = { ...tls, ...handlers, secure: implicitTls, disabledCommands: disabled };
    this.server = new SMTPServer({ ...options, allowInsecureAuth: true, authOptional: withoutAuth, closeTimeout: 0 });
    this.server.on('error', () => undefined); // a client that breaks off is part of some tests
  }

  static async start(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
    const sink = new SmtpSink(options);
    sink.server.listen(0, '127.0.0.1');
    await once(sink.server.server, 'listening');
    return sink;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  reset(): void {
    this.mails.length = 0;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

function replyError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
