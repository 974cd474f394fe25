import { z } from 'zod';
import { defineChecker, up } from './checker';
import { failing } from './failure';

const config = z.object({
  host: z.string().min(1),
  port: z.int().min(1).max(65535),
});

/** Up when the TCP handshake completes (RFC 9293 3.5); sends and reads nothing. */
export const tcpChecker = defineChecker({
  type: 'tcp',
  config,
  async check({ host, port }, { signal, outbound }) {
    const socket = await outbound.connect({ host, port, signal }).catch(failing('TCP connection failed'));
    socket.destroy();
    return up(`TCP port ${port} is open`);
  },
});
