import type { Socket } from 'node:net';
import { OutboundError } from './types';

/** Asks and answers at the beginning of a connection, before it is handed on with whatever nobody read yet. */
export class Handshake {
  private received = Buffer.alloc(0);
  private problem?: Error;
  private wake: () => void = () => undefined;

  private readonly onData = (bytes: Buffer) => {
    this.received = Buffer.concat([this.received, bytes]);
    this.wake();
  };
  private readonly onError = (error: Error) => this.fail(error);
  private readonly onClose = () => this.fail(new OutboundError('unexpected EOF'));
  private readonly onAbort = () => this.fail(this.signal.reason as Error);

  constructor(
    private readonly socket: Socket,
    private readonly signal: AbortSignal,
  ) {
    socket.on('data', this.onData).on('error', this.onError).on('end', this.onClose).on('close', this.onClose);
    if (signal.aborted) this.onAbort();
    else signal.addEventListener('abort', this.onAbort, { once: true });
  }

  write(bytes: Uint8Array | string): void {
    this.socket.write(bytes);
  }

  /** Exactly so many bytes. */
  async take(count: number): Promise<Buffer> {
    await this.until(() => this.received.length >= count);
    return this.cut(count);
  }

  /** All up to `mark`, which is among the first `max` bytes. */
  async takeThrough(mark: string, max: number): Promise<Buffer> {
    await this.until(() => this.received.includes(mark) || this.received.length > max);
    const at = this.received.indexOf(mark);
    if (at < 0) throw new OutboundError('the answer is too long');
    return this.cut(at + mark.length);
  }

  /** The socket is its owner's again. */
  release(): void {
    const { socket, received } = this;
    socket.off('data', this.onData).off('error', this.onError).off('end', this.onClose).off('close', this.onClose);
    this.signal.removeEventListener('abort', this.onAbort);
    socket.pause();
    if (received.length > 0) socket.unshift(received);
    socket.resume();
  }

  private fail(error: Error): void {
    this.problem ??= error;
    this.wake();
  }

  private async until(isThere: () => boolean): Promise<void> {
    while (!isThere()) {
      if (this.problem) throw this.problem;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private cut(count: number): Buffer {
    const taken = this.received.subarray(0, count);
    this.received = this.received.subarray(count);
    return taken;
  }
}
