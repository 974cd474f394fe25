import fc from 'fast-check';
import { ResponseParser } from './response-parser';
import type { ResponseHead } from './response-parser';

interface Outcome {
  head?: ResponseHead;
  body: string;
  ended: boolean;
  error?: string;
}

/** Feeds the pieces to a parser, and then the end of the connection. */
function parse(pieces: readonly Buffer[], { method = 'GET', mayUpgrade = false } = {}): Outcome {
  const outcome: Outcome = { body: '', ended: false };
  const parser = new ResponseParser(
    { method, mayUpgrade },
    {
      onHead: (head) => void (outcome.head = head),
      onData: (bytes) => void (outcome.body += bytes.toString('latin1')),
      onEnd: () => void (outcome.ended = true),
    },
  );
  try {
    for (const piece of pieces) parser.push(piece);
    parser.end();
  } catch (error) {
    outcome.error = (error as Error).message;
  }
  return outcome;
}

const ofText = (text: string, options = {}) => parse([Buffer.from(text)], options);
const response = (...lines: string[]) => lines.join('\r\n');
const BROKEN = 'net/http: HTTP/1.x transport connection broken: ';

describe('a head', () => {
  it('is read', () => {
    expect(ofText(response('HTTP/1.1 418 I am a teapot', 'X-Pot:  short \t', 'Content-Length: 0', '', ''))).toEqual({
      head: {
        status: 418,
        statusText: 'I am a teapot',
        headers: { 'x-pot': 'short', 'content-length': '0' },
        keepsAlive: true,
      },
      body: '',
      ended: true,
    });
  });

  it.each([
    ['bare line feeds', 'HTTP/1.1 200 OK\nx-a: 1\ncontent-length: 0\n\n', { 'x-a': '1', 'content-length': '0' }],
    ['a folded header', 'HTTP/1.1 200\r\nx-a: 1\r\n  2\r\n\r\n', { 'x-a': '1 2' }],
    ['repeated headers', 'HTTP/1.1 200\r\nX-A: 1\r\nx-a: 2\r\n\r\n', { 'x-a': '1, 2' }],
    ['the names of inherited properties', 'HTTP/1.1 200\r\nconstructor: 1\r\n\r\n', { constructor: '1' }],
    ['UTF-8', 'HTTP/1.1 200 OK\r\nx-city: Zürich\r\n\r\n', { 'x-city': 'Zürich' }],
    ['an empty line before it', '\r\nHTTP/1.1 200 OK\r\nx-a:\r\n\r\n', { 'x-a': '' }],
    [
      'interim responses before it',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 H\r\nx-b: 1\r\n\r\nHTTP/1.1 200\r\n\r\n',
      {},
    ],
  ])('may have %s', (_, text, headers) => {
    expect(ofText(text)).toMatchObject({ head: { status: 200, headers }, ended: true });
    expect(Object.keys(ofText(text).head!.headers)).toEqual(Object.keys(headers));
  });

  it.each([
    ['HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', true],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', true],
    ['HTTP/1.1 200 OK\r\nConnection: x, Close\r\ncontent-length: 0\r\n\r\n', false],
    ['HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n', false],
    ['HTTP/1.1 200 OK\r\n\r\n', false],
  ])('says whether the connection may go on: %j', (text, keepsAlive) => {
    expect(ofText(text).head).toMatchObject({ keepsAlive });
  });

  it.each([
    ['', 'EOF'],
    ['HTTP/1.1 200 OK\r\nx-a: 1', 'EOF'],
    ['HTTP/1.1 100 Continue\r\n\r\n', 'EOF'],
    ['SSH-2.0-OpenSSH_9.2\r\nmore', `${BROKEN}malformed HTTP response "SSH-2.0-OpenSSH_9.2"`],
    ['220 mail', `${BROKEN}malformed HTTP response "220 mail"`],
    [`${'x'.repeat(100)}\r\n`, `${BROKEN}malformed HTTP response "${'x'.repeat(80)}"`],
    ['HTTP/1.1 20 OK\r\n', `${BROKEN}malformed HTTP response: Invalid status code`],
    ['HTTP/x 200 OK\r\n', `${BROKEN}malformed HTTP response: Invalid status code`],
    ['HTTP/1.1 200 OK\r\n folded: before\r\n', `${BROKEN}malformed HTTP response: Invalid header token`],
    ['HTTP/1.1 200 OK\r\nx a: 1\r\n', `${BROKEN}malformed HTTP response: Invalid header token`],
    ['HTTP/1.1 101 Switching\r\n\r\n', `${BROKEN}unexpected switch of protocols`],
    [`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(300_000)}`, 'net/http: server response headers are too long'],
    ['HTTP/1.1 103 Hints\r\n\r\n'.repeat(20_000), 'net/http: server response headers are too long'],
  ])('is refused: %#', (text, error) => {
    expect(ofText(text)).toEqual({ body: '', ended: false, error });
  });

  it('of a switch of protocols is a response to who asked for it', () => {
    expect(ofText('HTTP/1.1 101 Switching\r\n\r\nraw', { mayUpgrade: true })).toMatchObject({
      head: { status: 101 },
      body: '',
      ended: true,
    });
  });
});

describe('a body', () => {
  it.each([
    ['of a length', 'content-length: 4\r\n\r\nfine!', 'fine'],
    ['of a length that is repeated', 'content-length: 4, 4\r\n\r\nfine', 'fine'],
    ['up to the end of the connection', 'x-a: 1\r\n\r\nfine', 'fine'],
    ['in an unknown coding', 'transfer-encoding: gzip\r\ncontent-length: 1\r\n\r\nfine', 'fine'],
    [
      'in chunks',
      'transfer-encoding: Chunked\r\n\r\n2 \r\nfi\r\n0002;ext="a"\r\nne\r\n0\r\nx-t: 1\r\n\r\nmore',
      'fine',
    ],
    [
      'in chunks, whatever length is claimed',
      'content-length: 9\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
      'a',
    ],
  ])('may come %s', (_, rest, body) => {
    expect(ofText(`HTTP/1.1 200 OK\r\n${rest}`)).toMatchObject({ head: { status: 200 }, body, ended: true });
  });

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('does not follow on %s %i', (method, status) => {
    const text = `HTTP/1.1 ${status} OK\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\nfine`;

    expect(ofText(text, { method })).toMatchObject({ body: '', ended: true });
  });

  it.each([
    ['content-length: 5\r\n\r\nfine', 'unexpected EOF'],
    ['transfer-encoding: chunked\r\n\r\n5\r\nfine', 'unexpected EOF'],
    ['transfer-encoding: chunked\r\n\r\n4\r\nfine\r\n', 'unexpected EOF'],
    ['transfer-encoding: chunked\r\n\r\n4\r\nfine\r\n0\r\n', 'unexpected EOF'],
    [
      'transfer-encoding: chunked\r\n\r\n4\r\nfine!\r\n',
      `${BROKEN}malformed HTTP response: Expected LF after chunk data`,
    ],
    [
      'transfer-encoding: chunked\r\n\r\n-4\r\nfine',
      `${BROKEN}malformed HTTP response: Invalid character in chunk size`,
    ],
    ['content-length: 4, 5\r\n\r\nfine', `${BROKEN}malformed HTTP response: Invalid character in Content-Length`],
    ['content-length: +4\r\n\r\nfine', `${BROKEN}malformed HTTP response: Invalid character in Content-Length`],
  ])('that breaks off or cannot be told is an error: %j', (rest, error) => {
    expect(ofText(`HTTP/1.1 200 OK\r\n${rest}`)).toMatchObject({ ended: false, error });
  });
});

describe('the cutting of the bytes', () => {
  const chunked = (parts: readonly string[]) =>
    parts.map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`).join('') + '0\r\nx-t: 1\r\n\r\n';
  const head = fc.record({
    status: fc.integer({ min: 200, max: 599 }),
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

  it('changes nothing', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(5_000)), ({ text, status, body }, places) => {
        const whole = ofText(text);
        if (status !== 204 && status !== 304) {
          expect(whole).toMatchObject({ head: { status, statusText: 'Ünder way' }, ended: true });
          expect(Buffer.from(whole.body, 'latin1').toString()).toBe(body);
        }
        expect(parse(cut(Buffer.from(text), places))).toEqual(whole);
      }),
    );
  });

  it('changes nothing for bytes that mean nothing', () => {
    const rubbish = fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n'), bytes]));
    fc.assert(
      fc.property(rubbish, fc.array(fc.nat(200)), (bytes, places) => {
        expect(parse(cut(bytes, places))).toEqual(parse([bytes]));
      }),
    );
  });
});
