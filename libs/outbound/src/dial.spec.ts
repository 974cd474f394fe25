import { closedPort, startTcpTarget } from '../../../test/support/targets';
import type { Listening } from '../../../test/support/targets';
import { createDialer } from './dial';
import { InternalFault } from './faults';
import { parseTargetPolicy } from './target-policy';

const policy = parseTargetPolicy('');
const never = () => new AbortController().signal;
/** Answers nothing, and is not asked to. */
const noLookup = () => Promise.reject(new Error('nobody should have asked'));
const lookupOf =
  (...addresses: string[]) =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address })));

describe('connect', () => {
  let target: Listening;
  beforeAll(async () => {
    target = await startTcpTarget();
  });
  afterAll(() => target.close());

  it('connects to a literal without asking the resolver', async () => {
    const socket = await createDialer(policy, noLookup).connect({
      host: '127.0.0.1',
      port: target.port,
      signal: never(),
    });

    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it('asks for a name once, and connects to an address that was judged', async () => {
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    const lookup = jest.fn(() => lookupOf(...answers.shift()!)());
    const dialer = createDialer(policy, lookup);

    const socket = await dialer.connect({ host: 'rebinding.test', port: target.port, signal: never() });

    expect(socket.remoteAddress).toBe('127.0.0.1');
    expect(lookup).toHaveBeenCalledTimes(1);
    socket.destroy();
    await expect(dialer.connect({ host: 'rebinding.test', port: target.port, signal: never() })).rejects.toThrow(
      'dial tcp: 169.254.169.254 is refused by the target policy',
    );
  });

  it('passes over addresses that the policy refuses', async () => {
    const dialer = createDialer(policy, lookupOf('169.254.169.254', '127.0.0.1'));

    await expect(dialer.resolve('mixed.test', never())).resolves.toEqual(['127.0.0.1']);
  });

  it('tries the addresses in turn', async () => {
    const dialer = createDialer(policy, lookupOf('127.0.0.2', '::1', '127.0.0.1'));

    const socket = await dialer.connect({ host: 'three.test', port: target.port, signal: never() });

    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it('tells the failure of the first address when none answers', async () => {
    const port = await closedPort();
    const dialer = createDialer(policy, lookupOf('127.0.0.1', '127.0.0.2'));

    const failure = dialer.connect({ host: 'dead.test', port, signal: never() });

    await expect(failure).rejects.toThrow(`dial tcp 127.0.0.1:${port}: connect: connection refused`);
  });

  it('names an IPv6 address in brackets', async () => {
    const port = await closedPort('::1');

    const failure = createDialer(policy, noLookup).connect({ host: '[::1]', port, signal: never() });

    await expect(failure).rejects.toThrow(`dial tcp [::1]:${port}: connect: connection refused`);
  });

  it('gives up at the deadline, and leaves no connection behind', async () => {
    const controller = new AbortController();
    controller.abort(new DOMException('late', 'TimeoutError'));

    const failure = createDialer(policy).connect({ host: '127.0.0.1', port: target.port, signal: controller.signal });

    await expect(failure).rejects.toThrow(`dial tcp 127.0.0.1:${target.port}: i/o timeout`);
  });
});

describe('resolve', () => {
  it.each([
    ['ENOTFOUND', 'no such host'],
    ['EAI_AGAIN', 'temporary failure in name resolution'],
    ['EAI_FAIL', 'the resolver said no'],
  ])('explains %s', async (code, text) => {
    const lookup = () => Promise.reject(Object.assign(new Error('the resolver said no'), { code }));

    await expect(createDialer(policy, lookup).resolve('nope.test', never())).rejects.toThrow(
      `dial tcp: lookup nope.test: ${text}`,
    );
  });

  it('does not wait for the resolver beyond the deadline', async () => {
    const controller = new AbortController();
    const resolving = createDialer(policy, () => new Promise(() => undefined)).resolve('slow.test', controller.signal);
    controller.abort(new DOMException('late', 'TimeoutError'));

    await expect(resolving).rejects.toThrow('dial tcp: lookup slow.test: i/o timeout');
  });

  it('does not blame the target when this process is out of descriptors', async () => {
    const lookup = () => Promise.reject(Object.assign(new Error('too many open files'), { code: 'EMFILE' }));

    await expect(createDialer(policy, lookup).resolve('shop.test', never())).rejects.toBeInstanceOf(InternalFault);
  });

  it.each(['2130706433', '0x7f000001', '0177.0.0.1', '127.1'])(
    'connects to what the system makes of %s, which the policy sees as 127.0.0.1',
    async (host) => {
      const strict = createDialer(parseTargetPolicy('deny:loopback'));

      await expect(createDialer(policy).resolve(host, never())).resolves.toEqual(['127.0.0.1']);
      await expect(strict.resolve(host, never())).rejects.toThrow('127.0.0.1 is refused by the target policy');
    },
  );
});
