import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import { MAX_BUFFERED_BYTES, RealtimeTimings } from '../limits';
import type { SocketSession } from '../sessions/socket-sessions';
import { WsConnection } from './ws-connection';
import type { ConnectionServices } from './ws-connection';

/** As much of a socket as a connection sees. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly ping = jest.fn();
  readonly pong = jest.fn();
  readonly send = jest.fn();
  readonly terminate = jest.fn();
  readonly close = jest.fn(() => {
    this.readyState = 2;
  });
}

describe('WsConnection', () => {
  const setUp = (sessions: Partial<ConnectionServices['sessions']> = {}) => {
    const socket = new FakeSocket();
    const services = {
      registry: { leaveAll: jest.fn() },
      access: {},
      sessions,
      timings: new RealtimeTimings(),
    } as unknown as ConnectionServices;
    return { socket, services, connection: new WsConnection(socket as unknown as WebSocket, services) };
  };

  afterEach(() => jest.useRealTimers());

  it('pings a client that answers for ever', () => {
    const { socket, connection } = setUp();
    for (let i = 0; i < 3; i++) {
      connection.checkAlive();
      socket.emit('pong');
    }

    expect(socket.ping).toHaveBeenCalledTimes(3);
    expect(socket.terminate).not.toHaveBeenCalled();
  });

  it('cuts a client that has not answered a ping by the time of the next', () => {
    const { socket, connection } = setUp();
    connection.checkAlive();
    connection.checkAlive();

    expect(socket.ping).toHaveBeenCalledTimes(1);
    expect(socket.terminate).toHaveBeenCalledTimes(1);
  });

  it('waits five seconds for a token', () => {
    jest.useFakeTimers();
    const { socket, connection } = setUp();
    connection.start(null);
    jest.advanceTimersByTime(4999);
    expect(socket.close).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);

    expect(socket.close).toHaveBeenCalledWith(4401, 'Unauthorized');
  });

  it('does not answer pings that nobody reads the answers of', () => {
    const { socket } = setUp();
    socket.bufferedAmount = MAX_BUFFERED_BYTES + 1;
    socket.emit('ping', Buffer.alloc(0));

    expect(socket.pong).not.toHaveBeenCalled();
    expect(socket.close).toHaveBeenCalledWith(1013, 'Too slow');
  });

  it('closes with 1011 when it cannot be told who it is', async () => {
    const { socket, connection } = setUp({ open: () => Promise.reject(new Error('database is away')) });
    const error = jest.spyOn(connection['logger'], 'error').mockImplementation();
    const closed = new Promise((resolve) => socket.close.mockImplementation(resolve as never));
    connection.start({ kind: 'token', token: 'token' });
    await closed;

    expect(socket.close).toHaveBeenCalledWith(1011, 'Internal error');
    expect(error).toHaveBeenCalledTimes(1);
  });

  it('is nobody once it is closed, even when the token turns out to be good', async () => {
    let found: (session: SocketSession) => void = () => undefined;
    const { socket, connection } = setUp({ open: () => new Promise((resolve) => (found = resolve)) });
    const release = jest.fn();
    connection.start({ kind: 'token', token: 'token' });
    await Promise.resolve();
    socket.readyState = 3;
    socket.emit('close');
    found({ expiresAt: Infinity, release });
    await new Promise(setImmediate);

    expect(release).toHaveBeenCalledTimes(1);
  });
});
