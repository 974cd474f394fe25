import { createOutbound, parseTargetPolicy } from '@app/outbound';
import { makePingTool } from '../../../test/support/targets';
import type { PingTool } from '../../../test/support/targets';
import { createPingChecker } from './ping.checker';

const signal = new AbortController().signal;
const context = { signal, timeoutSeconds: 7, outbound: createOutbound() };

const tools: PingTool[] = [];
afterAll(() => tools.forEach((tool) => tool.remove()));

function checkerWith(script: string) {
  const tool = makePingTool(script);
  tools.push(tool);
  return createPingChecker(tool.command);
}

const reply = (time: string) => `echo '40 bytes from 127.0.0.1: icmp_seq=1 ttl=64 ${time}'`;

describe('ping', () => {
  it.each([
    ['time=12.3 ms', '12.3ms', 12],
    ['time=0.0234 ms', '23.4µs', 0],
    ['time<1 ms', '1ms', 1],
    ['time=1002 ms', '1.002s', 1002],
    ['time=0 ms', '0ns', 0],
  ])('takes the round trip from the tool: %s', async (time, rtt, latencyMs) => {
    const verdict = await checkerWith(reply(time)).check({ host: '127.0.0.1', packet_size: 32 }, context);

    expect(verdict).toEqual({
      status: 'up',
      message: `Ping successful, RTT: ${rtt}`,
      latencyMs: expect.any(Number),
    });
    expect(Math.floor(verdict.latencyMs!)).toBeGreaterThanOrEqual(latencyMs);
  });

  it('gives the tool the judged address, behind the end of its options, and the C locale', async () => {
    const outbound = createOutbound({ lookup: () => Promise.resolve([{ address: '2001:db8::7' }]) });
    const checker = checkerWith('echo "$* $LC_ALL"');

    await expect(checker.check({ host: 'six.test', packet_size: 1000 }, { ...context, outbound })).rejects.toThrow(
      'Ping failed: unable to determine ping result from output: -n -c 1 -W 7 -s 1000 -- 2001:db8::7 C',
    );
  });

  it.each([
    ['echo "1 packets transmitted, 0 received, 100% packet loss, time 0ms"; exit 1', 'no response received'],
    ['echo "1 packets transmitted, 0 packets received, 100% packet loss"', 'no response received'],
    ['exit 2', 'ping command failed: exit status 2'],
    ['echo surprise', 'unable to determine ping result from output: surprise'],
  ])('is down after %s', async (script, text) => {
    await expect(checkerWith(script).check({ host: '127.0.0.1', packet_size: 32 }, context)).rejects.toThrow(
      `Ping failed: ${text}`,
    );
  });

  it('is down, and says why, where there is no such tool', async () => {
    const checker = createPingChecker('/nowhere/ping');

    await expect(checker.check({ host: '127.0.0.1', packet_size: 32 }, context)).rejects.toThrow(
      'Ping failed: ping command failed: exec: "/nowhere/ping": executable file not found in $PATH',
    );
  });

  it('stops the tool at the deadline', async () => {
    const late = { ...context, signal: AbortSignal.timeout(100) };

    await expect(checkerWith('exec sleep 60').check({ host: '127.0.0.1', packet_size: 32 }, late)).rejects.toThrow(
      'Ping failed: ping command failed: context deadline exceeded',
    );
  });

  it('asks nobody whom the target policy refuses', async () => {
    const outbound = createOutbound({ policy: parseTargetPolicy('deny:loopback') });

    await expect(
      checkerWith('exit 9').check({ host: '127.0.0.1', packet_size: 32 }, { ...context, outbound }),
    ).rejects.toThrow('Ping failed: ping command failed: dial tcp: 127.0.0.1 is refused by the target policy');
  });

  it('does not blame the target when the worker has no room for another ping', async () => {
    const slow = checkerWith('exec sleep 60');
    const stops = Array.from({ length: 16 }, () => new AbortController());
    const busy = stops.map(({ signal }) =>
      slow.check({ host: '127.0.0.1', packet_size: 32 }, { ...context, signal }).catch(() => undefined),
    );

    const waiting = slow.check({ host: '127.0.0.1', packet_size: 32 }, { ...context, signal: AbortSignal.timeout(50) });

    await expect(waiting).rejects.toMatchObject({
      name: 'InternalFault',
      message: 'too many pings at once on this worker',
    });
    stops.forEach((stop) => stop.abort());
    await Promise.all(busy);
    const next = checkerWith(reply('time=1 ms')).check({ host: '127.0.0.1', packet_size: 32 }, context);
    await expect(next).resolves.toMatchObject({ status: 'up' });
  });
});
