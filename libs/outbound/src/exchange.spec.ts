import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import fc from 'fast-check';
import { startTcpTarget } from '../../../test/support/targets';
import type { Listening } from '../../../test/support/targets';
import { Exchange } from './exchange';
import { describeFailure } from './failures';

interface Outcome {
  status?: number;
  statusText?: string;
  headers?: Record<string, string>;
  body?: string;
  error?: string;
}

const signal = new AbortController().signal;

/** What the server says next: pieces that arrive one by one, and then the end of the connection. */
let pieces: readonly Buffer[] = [];
let server: Listening;
beforeAll(async () => {
  server = await startTcpTarget((socket) => {
    socket.on('error', () => undefined); // we may have heard enough
    socket.setNoDelay(true);
    socket.once('data', () => void speak(socket));
  });
});
afterAll(() => server.close());

async function speak(socket: Socket): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise(setImmediate);
  }
  socket.end();
}

interface Asking {
  method?: string;
  upgrade?: string;
  /** What had been read from the socket before, by somebody else. */
  before?: string;
}

async function answerOf(said: readonly Buffer[], { method = 'GET', upgrade, before }: Asking = {}) {
  pieces = said;
  const url = new URL(`http://127.0.0.1:${server.port}/`);
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  const exchange = new Exchange({ url, method, headers: {}, upgrade }, { maxBodyBytes: 1e6, wantsBody: () => true });
  const outcome: Outcome = {};
  if (before !== undefined) {
    socket.pause().unshift(Buffer.from(before));
    socket.resume();
  }
  try {
    exchange.begin(socket);
    const { status, statusText, headers, body } = await exchange.answer;
    Object.assign(outcome, { status, statusText, headers });
    outcome.body = (await body).bytes.toString();
    await exchange.over();
  } catch (error) {
    outcome.error = describeFailure(error, { signal });
  } finally {
    socket.destroy();
  }
  return { ...outcome, isReusable: exchange.isReusable };
}

const ofText = (text: string, options: Asking = {}) => answerOf([Buffer.from(text)], options);
const BROKEN = 'net/http: HTTP/1.x transport connection broken: malformed HTTP response';

describe('a head', () => {
  it('is read', async () => {
    const text = 'HTTP/1.1 418 I am a teapot\r\nX-Pot:  short \t\r\nContent-Length: 0\r\n\r\n';

    await expect(ofText(text)).resolves.toMatchObject({
      status: 418,
      statusText: 'I am a teapot',
      headers: { 'x-pot': 'short', 'content-length': '0' },
      body: '',
    });
  });

  it('may have begun before the request', async () => {
    await expect(ofText('200 OK\r\n\r\nfine', { before: 'HTTP/1.1 ' })).resolves.toMatchObject({
      status: 200,
      body: 'fine',
    });
  });

  it.each([
    ['bare line feeds', 'HTTP/1.1 200 OK\nx-a: 1\ncontent-length: 0\n\n', { 'x-a': '1', 'content-length': '0' }],
    ['a folded header', 'HTTP/1.1 200\r\nx-a: 1\r\n 2\r\n\r\n', { 'x-a': '1 2' }],
    ['repeated headers', 'HTTP/1.1 200\r\nX-A: 1\r\nx-a: 2\r\n\r\n', { 'x-a': '1, 2' }],
    ['the names of inherited properties', 'HTTP/1.1 200\r\nconstructor: 1\r\n\r\n', { constructor: '1' }],
    ['UTF-8', 'HTTP/1.1 200 OK\r\nx-city: Zürich\r\n\r\n', { 'x-city': 'Zürich' }],
    ['an empty line before it', '\r\nHTTP/1.1 200 OK\r\nx-a:\r\n\r\n', { 'x-a': '' }],
    [
      'interim responses before it',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 H\r\nx-b: 1\r\n\r\nHTTP/1.1 200\r\n\r\n',
      {},
    ],
  ])('may have %s', async (_, text, headers) => {
    const outcome = await ofText(text);

    expect(outcome).toMatchObject({ status: 200, body: '' });
    expect({ ...outcome.headers }).toEqual(headers);
  });

  it.each([
    ['', 'EOF'],
    ['HTTP/1.1 200 OK\r\nx-a: 1', 'EOF'],
    ['HTTP/1.1 100 Continue\r\n\r\n', 'EOF'],
    ['SSH-2.0-OpenSSH_9.2\r\nmore', `${BROKEN} "SSH-2.0-OpenSSH_9.2"`],
    ['220 mail', `${BROKEN} "220 mail"`],
    [`${'x'.repeat(100)}\r\n`, `${BROKEN} "${'x'.repeat(80)}"`],
    ['HTTP/1.1 20 OK\r\n', `${BROKEN}: Invalid status code`],
    ['HTTP/x 200 OK\r\n', `${BROKEN}: Invalid major version`],
    ['HTTP/1.1 200 OK\r\nx a: 1\r\n', `${BROKEN}: Invalid header token`],
    [
      'HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'net/http: HTTP/1.x transport connection broken: unexpected switch of protocols',
    ],
    [`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(300_000)}`, 'net/http: server response headers are too long'],
  ])('is refused: %#', async (text, error) => {
    await expect(ofText(text)).resolves.toEqual({ error, isReusable: false });
  });

  it.each(['', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'])(
    'of a switch of protocols is a response to who asked for it: %j',
    async (headers) => {
      const text = `HTTP/1.1 101 Switching\r\n${headers}\r\nraw`;

      await expect(ofText(text, { upgrade: 'websocket' })).resolves.toMatchObject({ status: 101, body: '' });
    },
  );
});

describe('a body', () => {
  it.each([
    ['of a length', 'content-length: 4\r\n\r\nfine', 'fine'],
    ['with something behind it', 'content-length: 4\r\n\r\nfine!', 'fine'],
    ['up to the end of the connection', 'x-a: 1\r\n\r\nfine', 'fine'],
    ['in an unknown coding', 'transfer-encoding: gzip\r\n\r\nfine', 'fine'],
    ['in chunks', 'transfer-encoding: Chunked\r\n\r\n2\r\nfi\r\n0002;ext="a"\r\nne\r\n0\r\nx-t: 1\r\n\r\nmore', 'fine'],
    [
      'in chunks, whatever length is claimed',
      'content-length: 9\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
      'a',
    ],
  ])('may come %s', async (_, rest, body) => {
    await expect(ofText(`HTTP/1.1 200 OK\r\n${rest}`)).resolves.toMatchObject({ status: 200, body });
  });

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('does not follow on %s %i', async (method, status) => {
    const text = `HTTP/1.1 ${status} OK\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\nfine`;

    await expect(ofText(text, { method })).resolves.toMatchObject({ status, body: '' });
  });

  it.each([
    ['content-length: 5\r\n\r\nfine', 'unexpected EOF'],
    ['transfer-encoding: chunked\r\n\r\n5\r\nfine', 'unexpected EOF'],
    ['transfer-encoding: chunked\r\n\r\n4\r\nfine\r\n', 'unexpected EOF'],
    ['transfer-encoding: chunked\r\n\r\n4\r\nfine\r\n0\r\n', 'unexpected EOF'],
    ['transfer-encoding: chunked\r\n\r\n-4\r\nfine', `${BROKEN}: Invalid character in chunk size`],
  ])('that breaks off is an error: %j', async (rest, error) => {
    await expect(ofText(`HTTP/1.1 200 OK\r\n${rest}`)).resolves.toMatchObject({ status: 200, error });
  });

  it.each(['content-length: 4, 5', 'content-length: +4'])('that cannot be told is an error: %j', async (header) => {
    const error = `${BROKEN}: Invalid character in Content-Length`;

    await expect(ofText(`HTTP/1.1 200 OK\r\n${header}\r\n\r\nfine`)).resolves.toEqual({ error, isReusable: false });
  });
});

describe('the cutting of the bytes', () => {
  const chunked = (parts: readonly string[]) =>
    parts.map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`).join('') + '0\r\nx-t: 1\r\n\r\n';
  const head = fc.record({
    status: fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304),
    breaks: fc.constantFrom('\r\n', '\n'),
    parts: fc.array(fc.string({ minLength: 1, unit: 'grapheme' })),
    framing: fc.constantFrom('chunked', 'length', 'close'),
  });
  const texts = head.map(({ status, breaks, parts, framing }) => {
    const body = parts.join('');
    const frame = {
      chunked: 'Transfer-Encoding: chunked',
      length: `Content-Length: ${Buffer.byteLength(body)}`,
      close: 'x: y',
    };
    const lines = ['HTTP/1.1 100 Go on', '', `HTTP/1.1 ${status} Ünder way`, 'X-A: 1', frame[framing], '', ''];
    return { text: lines.join(breaks) + (framing === 'chunked' ? chunked(parts) : body), status, body };
  });
  const cut = (bytes: Buffer, places: readonly number[]) => {
    const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
    return sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end));
  };

  it('changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.nat(5_000), { maxLength: 8 }), async ({ text, status, body }, places) => {
        const whole = await ofText(text);
        expect(whole).toMatchObject({ status, statusText: 'Ünder way', body });
        await expect(answerOf(cut(Buffer.from(text), places))).resolves.toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });
});
