import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { CertificateDocument, ProxySettings } from '@app/core';
import { endpoint } from './dial';
import type { Dialer } from './dial';
import { Exchange } from './exchange';
import type { Answer, ReadOptions, TargetForm } from './exchange';
import type { Hop } from './redirect';
import { secure } from './tls';
import { connectThrough, proxyAuthorization, takesUrls } from './proxy';
import { OutboundError } from './types';
import type { TlsSettings } from './types';

export interface ConnectionOptions {
  dialer: Dialer;
  tls: TlsSettings;
  proxy?: ProxySettings;
  defaultContext: SecureContext;
  signal: AbortSignal;
}

/** An HTTP/1.1 connection of its own to one origin. Requests go one after another. Destroy it, on every path. */
export class Connection {
  certificate?: CertificateDocument;
  /** Both ends: `192.0.2.1:50412->192.0.2.7:443`. */
  path?: string;
  private socket?: Socket;
  private exchange?: Exchange;
  /** The first error of the socket; later ones are its consequences. */
  private failure?: Error;
  private readonly note = (error: Error) => {
    this.failure ??= error;
    this.exchange?.interrupt(error);
  };
  private readonly stop = () => this.exchange?.fail(this.options.signal.reason as Error);

  constructor(
    private readonly url: URL,
    private readonly options: ConnectionOptions,
  ) {}

  destroy(): void {
    this.options.signal.removeEventListener('abort', this.stop);
    this.socket?.destroy();
  }

  /** Resolves with the head of the response. */
  async send(hop: Hop, options: ReadOptions): Promise<Answer> {
    await this.exchange?.over();
    const socket = this.reusable() ?? (await this.reopen());
    const exchange = new Exchange(hop, options, this.formOfTarget());
    this.exchange = exchange;
    if (this.failure || socket.destroyed) exchange.fail(this.failure ?? new OutboundError('EOF'));
    else exchange.begin(socket);
    return exchange.answer;
  }

  /** How requests name their target: HTTP proxies want whole URLs of what they are to see. */
  private formOfTarget(): TargetForm | undefined {
    const { proxy } = this.options;
    if (!proxy || !takesUrls(proxy) || this.url.protocol === 'https:') return undefined;
    return { origin: this.url.origin, authorization: proxyAuthorization(proxy) };
  }

  private reusable(): Socket | undefined {
    return this.exchange?.isReusable && this.socket?.writable ? this.socket : undefined;
  }

  private async reopen(): Promise<Socket> {
    this.destroy();
    this.exchange = undefined;
    this.failure = undefined;
    const socket = await this.open();
    this.socket = socket;
    const { signal } = this.options;
    if (signal.aborted) throw signal.reason as Error; // the caller destroys
    signal.addEventListener('abort', this.stop, { once: true });
    return socket;
  }

  /** The one place where connections are made. */
  private async open(): Promise<Socket> {
    const { dialer, signal, tls, defaultContext, proxy } = this.options;
    const { hostname: host, protocol, port } = this.url;
    const encrypted = protocol === 'https:';
    const target = { host, port: Number(port) || (encrypted ? 443 : 80), signal };
    const socket = proxy
      ? await connectThrough({ ...target, proxy, encrypted, dialer, tls, defaultContext, onError: this.note })
      : await dialer.connect(target);
    socket.on('error', this.note);
    this.path = pathOf(socket);
    if (!encrypted) return socket;
    const secured = await secure({ socket, host, settings: tls, defaultContext, signal, onError: this.note });
    this.certificate = secured.certificate;
    return secured.socket;
  }
}

/** Read at once: a socket that is gone no longer knows its addresses. */
function pathOf({ localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${endpoint(localAddress, localPort)}->${endpoint(remoteAddress, remotePort)}`;
}
