import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrame } from './text-frame';
import { writeFrames } from './write-frames';

describe('writeFrames', () => {
  let server: WebSocketServer;
  let client: WebSocket;
  let socket: WebSocket;

  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const opened = once(client, 'open');
    [socket] = (await once(server, 'connection')) as [WebSocket];
    await opened;
  });

  afterEach(async () => {
    client.terminate();
    socket.terminate();
    const closed = once(server, 'close');
    server.close();
    await closed;
  });

  it('finds the socket that ws keeps to itself, between messages that ws sends', async () => {
    const received: string[] = [];
    client.on('message', (data: Buffer) => received.push(data.toString()));
    const closed = once(client, 'close');
    socket.send('1');
    const isWritten = writeFrames(socket, Buffer.concat([textFrame('2'), textFrame('3')]));
    socket.send('4');
    socket.close();
    await closed;

    expect(isWritten).toBe(true);
    expect(received).toEqual(['1', '2', '3', '4']);
  });

  it('writes nothing to a socket that closes', () => {
    socket.close();

    expect(writeFrames(socket, textFrame('late'))).toBe(false);
  });

  it('leaves a socket alone that looks different inside', () => {
    const stranger = { readyState: 1, OPEN: 1 } as WebSocket;

    expect(writeFrames(stranger, textFrame('x'))).toBe(false);
  });
});
