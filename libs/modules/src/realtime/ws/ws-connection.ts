import { AppError, isAppError } from '@app/core';
import { Logger } from '@nestjs/common';
import type { RawData, WebSocket } from 'ws';
import type { Credential } from '../../auth/credential';
import { MAX_BUFFERED_BYTES } from '../limits';
import type { RealtimeTimings } from '../limits';
import type { Batch } from '../rooms/room-message';
import type { RoomAccess } from '../rooms/room-access';
import type { RoomMember, RoomRegistry } from '../rooms/room-registry';
import { writeFrames } from '../rooms/write-frames';
import { Sequence } from '../sequence';
import type { SocketSession, SocketSessions } from '../sessions/socket-sessions';
import { parseClientMessage } from './client-message';
import type { ClientMessage, MessageId } from './client-message';
import { MessageBudget } from './message-budget';

/** Why we close a socket. */
export const CLOSING = {
  unauthorized: [4401, 'Unauthorized'],
  foreignOrigin: [4403, 'Origin not allowed'],
  binary: [1003, 'Messages are text'],
  flood: [1008, 'Too many messages'],
  tooSlow: [1013, 'Too slow'],
  fault: [1011, 'Internal error'],
  shutdown: [1001, 'Server is shutting down'],
} as const;

export interface ConnectionServices {
  registry: RoomRegistry;
  access: RoomAccess;
  sessions: SocketSessions;
  timings: RealtimeTimings;
}

/** One socket at `/api/v1/ws`: who it is, what it asks for, and whether it is still there. */
export class WsConnection implements RoomMember {
  private readonly logger = new Logger('Realtime');
  private readonly work = new Sequence();
  private readonly budget = new MessageBudget();
  private session: SocketSession | undefined;
  private deadline: NodeJS.Timeout | undefined;
  /** It answered the last ping. */
  private isAlive = true;

  constructor(
    private readonly socket: WebSocket,
    private readonly services: ConnectionServices,
  ) {
    socket.on('message', (frame, isBinary) => this.receive(frame, isBinary));
    socket.on('pong', () => (this.isAlive = true));
    socket.on('ping', (data) => {
      if (this.hasRoom()) socket.pong(data);
    });
    socket.on('close', () => this.release());
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** With what the upgrade request brought, or null to wait for a message with a token. */
  start(credential: Credential | null): void {
    if (credential) this.work.add(() => this.authenticate(credential));
    else this.deadline = setTimeout(() => this.close('unauthorized'), this.services.timings.authenticate);
  }

  /** To be called every now and then. A client that did not answer the last ping is gone. */
  checkAlive(): void {
    if (!this.isAlive) return this.socket.terminate();
    this.isAlive = false;
    if (this.isOpen) this.socket.ping();
  }

  deliver(batch: Batch): void {
    if (!this.hasRoom() || writeFrames(this.socket, batch.frames)) return;
    for (const text of batch.texts) this.socket.send(text);
  }

  close(why: keyof typeof CLOSING): void {
    this.release();
    const [code, reason] = CLOSING[why];
    this.socket.close(code, reason);
  }

  private release(): void {
    clearTimeout(this.deadline);
    this.session?.release();
    this.session = undefined;
    this.services.registry.leaveAll(this);
  }

  private receive(frame: RawData, isBinary: boolean): void {
    if (!this.isOpen) return;
    if (isBinary) return this.close('binary');
    const verdict = this.budget.take(performance.now());
    if (verdict === 'disconnect') return this.close('flood');
    const message = parseClientMessage(frame);
    if (verdict === 'refuse')
      return this.answer({ event: 'error', data: { message: 'Too many messages' }, id: message.id });
    this.work.add(() => this.handle(message));
  }

  private async handle(message: ClientMessage): Promise<void> {
    if (!this.isOpen) return;
    const { id } = message;
    try {
      if (message.event === 'authenticate') {
        return await this.authenticate({ kind: 'token', token: message.token }, message);
      }
      if (!this.session) return this.close('unauthorized');
      this.answer({ event: 'ack', data: await this.carryOut(message), id });
    } catch (error) {
      if (!isAppError(error)) return this.fail(error);
      this.answer({ event: 'error', data: { message: error.message }, id });
    }
  }

  /** @throws AppError with what is wrong with the message */
  private async carryOut(message: Exclude<ClientMessage, { event: 'authenticate' }>): Promise<object> {
    const { access } = this.services;
    switch (message.event) {
      case 'join_room':
        await access.join(this, message.room);
        return { room: message.room };
      case 'leave_room':
        access.leave(this, message.room);
        return { room: message.room };
      case 'ping':
        return {};
      case 'invalid':
        throw new AppError('invalid', message.problem);
    }
  }

  /** Also renews: rooms stay joined. Never rejects. `message` is answered. */
  private async authenticate(credential: Credential, message?: { id?: MessageId }): Promise<void> {
    try {
      const session = await this.services.sessions.open(credential, () => this.close('unauthorized'));
      if (!this.isOpen) return session.release();
      clearTimeout(this.deadline);
      this.session?.release();
      this.session = session;
      if (!message) return;
      const data = { expires_at: new Date(session.expiresAt).toISOString() };
      this.answer({ event: 'ack', data, id: message.id });
    } catch (error) {
      if (isAppError(error, 'unauthorized')) this.close('unauthorized');
      else this.fail(error);
    }
  }

  private answer(answer: { event: 'ack' | 'error'; data: object; id?: MessageId }): void {
    if (this.isOpen && this.hasRoom()) this.socket.send(JSON.stringify(answer));
  }

  private fail(error: unknown): void {
    this.logger.error({ err: error }, 'A message could not be handled');
    this.close('fault');
  }

  /** Closes a socket whose client does not read what it is sent. */
  private hasRoom(): boolean {
    if (!this.isOpen) return false;
    if (this.socket.bufferedAmount <= MAX_BUFFERED_BYTES) return true;
    this.close('tooSlow');
    return false;
  }
}
