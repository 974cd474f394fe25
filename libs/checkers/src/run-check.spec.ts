import { createOutbound, InternalFault, OutboundError } from '@app/outbound';
import type { Outbound } from '@app/outbound';
import { startTcpTarget } from '../../../test/support/targets';
import { runCheck } from './run-check';

const signal = new AbortController().signal;
const timeoutSeconds = 16;
const tcp = { type: 'tcp', config: '{"host":"127.0.0.1","port":1}' };

/** A way out on which connecting ends like this. */
function outboundThat(connect: Outbound['connect']): Outbound {
  const { http, resolve } = createOutbound();
  return { http, resolve, connect };
}

const failingWith = (error: Error) => outboundThat(() => Promise.reject(error));

describe('runCheck', () => {
  it('measures the whole check in whole milliseconds where the type measures nothing itself', async () => {
    const target = await startTcpTarget();
    const config = JSON.stringify({ host: '127.0.0.1', port: target.port });

    const verdict = await runCheck({ type: 'tcp', config }, { signal, timeoutSeconds, outbound: createOutbound() });

    expect(verdict).toEqual({
      status: 'up',
      message: `TCP port ${target.port} is open`,
      latencyMs: expect.any(Number),
    });
    expect(Number.isInteger(verdict.latencyMs)).toBe(true);
    await target.close();
  });

  it('says down when the target does not do as it should', async () => {
    const outbound = failingWith(new OutboundError('dial tcp 127.0.0.1:1: connect: connection refused'));

    await expect(runCheck(tcp, { signal, timeoutSeconds, outbound })).resolves.toMatchObject({
      status: 'down',
      message: 'TCP connection failed: dial tcp 127.0.0.1:1: connect: connection refused',
    });
  });

  it('says down for a config that no longer parses', async () => {
    const job = { type: 'tcp', config: '{"host":"a"}' };

    await expect(runCheck(job, { signal, timeoutSeconds, outbound: createOutbound() })).resolves.toMatchObject({
      status: 'down',
      message: 'Invalid monitor configuration: port is required',
    });
  });

  it('ignores unknown keys, so that a config outlives a downgrade', async () => {
    const job = { type: 'tcp', config: '{"host":"127.0.0.1","port":1,"of_the_future":1}' };
    const outbound = failingWith(new OutboundError('refused'));

    await expect(runCheck(job, { signal, timeoutSeconds, outbound })).resolves.toMatchObject({
      message: 'TCP connection failed: refused',
    });
  });

  it.each([
    ['a bug', new TypeError("Cannot read properties of undefined (reading 'x')")],
    ['a process without descriptors', Object.assign(new Error('too many open files'), { code: 'EMFILE' })],
    ['a fault that was told apart below', new InternalFault('no port left')],
  ])('never turns %s into a verdict', async (_, error) => {
    const run = runCheck(tcp, { signal, timeoutSeconds, outbound: failingWith(error) });

    await expect(run).rejects.toBeInstanceOf(InternalFault);
    await expect(run).rejects.toThrow(error.message);
  });

  it('says down at the deadline', async () => {
    const late = AbortSignal.timeout(1);
    const outbound = outboundThat(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    );

    await expect(runCheck(tcp, { signal: late, timeoutSeconds, outbound })).resolves.toMatchObject({
      status: 'down',
      message: 'TCP connection failed: context deadline exceeded',
    });
  });

  it('says nothing of the target when we stopped the check', async () => {
    const shutdown = new AbortController();
    shutdown.abort();

    const run = runCheck(tcp, { signal: shutdown.signal, timeoutSeconds, outbound: createOutbound() });

    await expect(run).rejects.toMatchObject({ name: 'InternalFault', message: 'the check was cancelled' });
  });

  it.each(['push', 'nope'])('is a mistake of the caller for %s', async (type) => {
    const run = runCheck({ type, config: '{}' }, { signal, timeoutSeconds, outbound: createOutbound() });

    await expect(run).rejects.toThrow(new InternalFault(`no check is run for monitors of type ${type}`));
  });
});
