import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { HttpRequest, HttpResponse, Outbound } from '@app/outbound';
import { OutboundError } from '@app/outbound';

/** The least that can stand in for `Outbound`: plain HTTP and TCP to loopback, no redirects. */
export const loopbackOutbound: Outbound = {
  async http({ url, method = 'GET', headers, body, signal }: HttpRequest): Promise<HttpResponse> {
    const request = httpRequest(url, { method, headers, signal, agent: false });
    request.end(body);
    const [response] = (await once(request, 'response', { signal }).catch(translate)) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return {
      status: response.statusCode!,
      statusText: response.statusMessage ?? '',
      headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
      body: Buffer.concat(chunks),
      latencyMs: 0,
      redirects: 0,
    };
  },

  async connect({ host, port, signal }) {
    const socket = connect({ host, port });
    await once(socket, 'connect', { signal }).catch((error: unknown) => {
      socket.destroy();
      return translate(error);
    });
    return socket;
  },

  resolve: (host) => Promise.resolve([host]),
};

function translate(error: unknown): never {
  throw new OutboundError((error as Error).message, { cause: error });
}
