import { execFile } from 'node:child_process';
import { codeOf, InternalFault } from '@app/outbound';
import { z } from 'zod';
import { defineChecker, up } from './checker';
import type { CheckContext, Checker } from './checker';
import { CheckFailure, failing } from './failure';
import { formatDuration } from './duration';
import { Slots } from './slots';

const DEFAULT_PACKET_SIZE = 32;

const config = z.object({
  host: z
    .string()
    .min(1)
    .refine((host) => !host.startsWith('-'), 'must not start with a dash'),
  packet_size: z
    .int()
    .min(0)
    .max(65507) // what fits into an IPv4 packet
    .default(0)
    .transform((size) => size || DEFAULT_PACKET_SIZE),
});

/** Processes at once on this worker; each costs a few milliseconds of CPU. */
const slots = new Slots(16);

/** Debian's and BusyBox' tool both know these; the payload size comes before the address, which is never an option. */
const COMMAND = 'ping';
const ENVIRONMENT = { LC_ALL: 'C', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/**
 * Up when one ICMP echo is answered (RFC 792, RFC 4443). Raw sockets take privileges that the system's tool has and
 * we do not want. `command` is for tests.
 */
export function createPingChecker(command = COMMAND): Checker<typeof config> {
  return defineChecker({
    type: 'ping',
    config,
    async check({ host, packet_size }, context) {
      const startedAt = performance.now();
      const [address] = await context.outbound
        .resolve(host, context.signal)
        .catch(failing('Ping failed: ping command failed'));
      const resolvedAt = performance.now();
      const output = await inSlot(context, () => ping(command, address!, packet_size, context));
      const rtt = roundTripMs(output);
      return up(`Ping successful, RTT: ${formatDuration(rtt)}`, { latencyMs: resolvedAt - startedAt + rtt });
    },
  });
}

export const pingChecker = createPingChecker();

/** A check that got no slot before its deadline says nothing about the target. */
async function inSlot<T>({ signal }: CheckContext, run: () => Promise<T>): Promise<T> {
  let started = false;
  try {
    return await slots.run(signal, () => {
      started = true;
      return run();
    });
  } catch (error) {
    if (started) throw error;
    throw new InternalFault('too many pings at once on this worker', { cause: error });
  }
}

/** What the tool prints. @throws CheckFailure when nobody answered or the tool failed. */
function ping(command: string, address: string, size: number, context: CheckContext): Promise<string> {
  const { signal, timeoutSeconds } = context;
  const parameters = ['-n', '-c', '1', '-W', String(timeoutSeconds), '-s', String(size), '--', address];
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      parameters,
      { env: ENVIRONMENT, signal, killSignal: 'SIGKILL' },
      (error, stdout) => {
        if (!error) resolve(stdout);
        else if (stdout.includes('100% packet loss')) reject(new CheckFailure('Ping failed: no response received'));
        else reject(commandFailure(error, command, signal));
      },
    );
    child.stdin?.end();
  });
}

function commandFailure(error: Error, command: string, signal: AbortSignal): Error {
  if (signal.aborted) return failure('context deadline exceeded', error);
  if (codeOf(error) === 'ENOENT') return failure(`exec: "${command}": executable file not found in $PATH`, error);
  const { code } = error as { code?: unknown };
  // A string is the errno of a process that could not be started, which runCheck tells apart.
  return typeof code === 'number' ? failure(`exit status ${code}`, error) : error;
}

function failure(problem: string, cause: Error): CheckFailure {
  return new CheckFailure(`Ping failed: ping command failed: ${problem}`, { cause });
}

function roundTripMs(output: string): number {
  const time = /time[=<]([\d.]+) ?ms/.exec(output)?.[1];
  if (time !== undefined) return Number(time);
  if (output.includes('100% packet loss')) throw new CheckFailure('Ping failed: no response received');
  throw new CheckFailure(`Ping failed: unable to determine ping result from output: ${output.trim()}`);
}
