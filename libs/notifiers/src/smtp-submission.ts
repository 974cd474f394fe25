import type { Socket } from 'node:net';
import type { NodemailerError } from 'nodemailer';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { messageOf, SECOND } from '@app/core';
import { DeliveryError } from './delivery-error';
import { noAnswer } from './http';
import { singleLine, truncate } from './text';

export interface Mail {
  from: string | false;
  to: string[];
  message: Buffer;
}

export interface SubmissionOptions {
  /** Connected; closed here in any case. */
  socket: Socket;
  /** What the certificate has to be for. */
  host: string;
  /** `opportunistic` takes STARTTLS when it is offered, and then fails like the others if it does not work. */
  tls: 'implicit' | 'required' | 'opportunistic';
  user: string;
  pass: string;
  signal: AbortSignal;
}

/** Hosts to which a password may travel unencrypted, because it does not leave the machine. */
const LOCAL_HOSTS = ['localhost', '127.0.0.1', '::1'];
const CLOSE_TIMEOUT_MS = 2 * SECOND;
const MAX_QUOTE = 1000;

/**
 * Hands a mail to a submission server (RFC 6409). Resolves when the server took it for at least one recipient.
 * @throws DeliveryError, retryable unless the server said that it is final
 */
export async function submit(mail: Mail, options: SubmissionOptions): Promise<{ rejected: string[] }> {
  const { socket, host, tls, user, pass, signal } = options;
  socket.on('error', ignore); // until the session listens; it reports what it finds then
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const session = new Connection({
    connection: socket,
    host,
    name: 'localhost',
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    socketCloseTimeout: CLOSE_TIMEOUT_MS,
  });
  const ending = new AbortController();
  try {
    signal.throwIfAborted();
    if (socket.destroyed) throw new DeliveryError('the mail server closed the connection', { retryable: true });
    const failure = new Promise<never>((_, reject) => {
      session.on('error', reject);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: ending.signal });
    });
    const steps = dialogue(session, mail, { user, pass, isLocal: LOCAL_HOSTS.includes(host) });
    return await Promise.race([steps, failure]);
  } catch (error) {
    throw signal.aborted ? noAnswer('', error, signal) : explain(error as NodemailerError);
  } finally {
    ending.abort();
    session.close();
    if (signal.aborted) socket.destroy();
  }
}

function ignore(): void {}

async function dialogue(
  session: SMTPConnection,
  { from, to, message }: Mail,
  { user, pass, isLocal }: { user: string; pass: string; isLocal: boolean },
): Promise<{ rejected: string[] }> {
  await step((done) => session.connect(done));
  if (!session.secure && !isLocal) throw new DeliveryError('unencrypted connection');
  if (!session.allowsAuth) throw new DeliveryError("smtp: server doesn't support AUTH");
  await step((done) => session.login({ user, pass }, done));
  const { rejected } = await step<{ rejected: string[] }>((done) => session.send({ from, to }, message, done));
  session.quit();
  return { rejected };
}

function step<Result>(run: (done: (error?: Error | null, result?: Result) => void) => void): Promise<Result> {
  return new Promise((resolve, reject) => run((error, result) => (error ? reject(error) : resolve(result as Result))));
}

/** What the server said, or why it could not be talked to. 4yz replies are temporary, 5yz final (RFC 5321 4.2.1). */
function explain(error: NodemailerError | DeliveryError): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const { response, responseCode, code } = error;
  if (code === 'ETLS' && response) return new DeliveryError(quote(`tls: STARTTLS was refused: ${response}`));
  if (response) return new DeliveryError(quote(response), { retryable: responseCode ? responseCode < 500 : true });
  const final = code === 'EENVELOPE' || code === 'EAUTH';
  const text = isTlsFault(error) ? `tls: failed to verify certificate: ${messageOf(error)}` : messageOf(error);
  return new DeliveryError(quote(text), { retryable: !final });
}

/** Codes of `tls.TLSSocket` for a certificate that is not trusted or not of this host. */
function isTlsFault({ code, originalCode }: { code?: string; originalCode?: string }): boolean {
  return /CERT|UNABLE_TO_|SELF_SIGNED/.test(`${code} ${originalCode}`);
}

function quote(text: string): string {
  return truncate(singleLine(text), MAX_QUOTE);
}
