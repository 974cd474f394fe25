import { createOutbound } from '@app/outbound';
import { closedPort, startTcpTarget } from '../../../test/support/targets';
import { tcpChecker } from './tcp.checker';

const context = { signal: new AbortController().signal, timeoutSeconds: 16, outbound: createOutbound() };

describe('tcp', () => {
  it.each(['127.0.0.1', '::1', '[::1]'])('is up when %s accepts', async (host) => {
    const target = await startTcpTarget(undefined, host.replace(/[[\]]/g, ''));

    await expect(tcpChecker.check({ host, port: target.port }, context)).resolves.toEqual({
      status: 'up',
      message: `TCP port ${target.port} is open`,
    });
    await target.close();
  });

  it('leaves no connection open', async () => {
    let closed: Promise<void> | undefined;
    const target = await startTcpTarget((socket) => {
      closed = new Promise((resolve) => socket.once('close', () => resolve()));
      socket.resume();
    });

    await tcpChecker.check({ host: '127.0.0.1', port: target.port }, context);

    await closed;
    await target.close();
  });

  it('is down when nobody listens', async () => {
    const port = await closedPort();

    await expect(tcpChecker.check({ host: '127.0.0.1', port }, context)).rejects.toThrow(
      `TCP connection failed: dial tcp 127.0.0.1:${port}: connect: connection refused`,
    );
  });

  it('is down when the name is unknown', async () => {
    const outbound = createOutbound({
      lookup: () => Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' })),
    });

    await expect(tcpChecker.check({ host: 'nope.test', port: 1 }, { ...context, outbound })).rejects.toThrow(
      'TCP connection failed: dial tcp: lookup nope.test: no such host',
    );
  });
});
