import { OutboundError } from './types';

export interface ResponseHead {
  status: number;
  /** Reason phrase, as sent; "" when there was none. */
  statusText: string;
  /** Names in lower case; repeated ones joined with ", ". */
  headers: Record<string, string>;
  /** Whether the connection may carry another request once this response has ended. */
  keepsAlive: boolean;
}

/** What a parser finds, in the order of the response. */
export interface ResponseEvents {
  onHead(head: ResponseHead): void;
  onData(bytes: Buffer): void;
  onEnd(): void;
}

export interface ResponseParserOptions {
  /** Of the request: a response to HEAD has no body, whatever its headers say. */
  method: string;
  /** The request asked for another protocol; then a 101 is a response like any other. */
  mayUpgrade: boolean;
}

/** Where the next byte belongs to. */
type Place = 'status' | 'headers' | 'sized' | 'unsized' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'done';

/** Heads, interim ones and trailers included, beyond this are refused; servers rarely send more than 16 KiB. */
const MAX_HEAD_BYTES = 256 * 1024;
const MAX_QUOTED = 80;

const LF = 0x0a;
const STATUS_LINE = /^HTTP\/\d\.\d (\d{3})(?: (.*))?$/;
const HEADER = /^([\w!#$%&'*+.^`|~-]+):[ \t]*(.*?)[ \t]*$/s;

/**
 * Reads one HTTP/1.x response (RFC 9112) from the bytes of a connection, however they are cut. Lenient where the RFC
 * lets a recipient be: lines may end in a bare LF, headers may be folded.
 */
export class ResponseParser {
  private place: Place = 'status';
  /** Of the line that has not ended yet. */
  private line = '';
  private headBytes = 0;
  private head: ResponseHead = emptyHead();
  /** Name of the header that a folded line would belong to. */
  private lastName: string | null = null;
  /** Bytes of the body, or of the chunk, that are still to come. */
  private left = 0;

  constructor(
    private readonly options: ResponseParserOptions,
    private readonly events: ResponseEvents,
  ) {}

  /** Bytes beyond the end of the response are ignored. @throws OutboundError for what is no HTTP/1.x */
  push(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && this.place !== 'done') {
      at = this.isInBody() ? this.readBody(bytes, at) : this.readLine(bytes, at);
    }
  }

  /** The connection has ended. @throws OutboundError when the response had not. */
  end(): void {
    if (this.place === 'done') return;
    if (this.place === 'unsized') return this.finish();
    throw new OutboundError(this.place === 'status' || this.place === 'headers' ? 'EOF' : 'unexpected EOF');
  }

  private isInBody(): boolean {
    return this.place === 'sized' || this.place === 'chunk' || this.place === 'unsized';
  }

  private readBody(bytes: Buffer, at: number): number {
    if (this.place === 'unsized') {
      this.events.onData(bytes.subarray(at));
      return bytes.length;
    }
    const end = Math.min(bytes.length, at + this.left);
    this.left -= end - at;
    this.events.onData(bytes.subarray(at, end));
    if (this.left === 0) {
      if (this.place === 'sized') this.finish();
      else this.place = 'chunk-end';
    }
    return end;
  }

  private readLine(bytes: Buffer, at: number): number {
    const lf = bytes.indexOf(LF, at);
    const end = lf < 0 ? bytes.length : lf + 1;
    this.line += bytes.toString('latin1', at, lf < 0 ? end : lf);
    if (this.place === 'status') refuseOtherProtocols(this.line);
    if (this.place !== 'chunk-size' && this.place !== 'chunk-end') this.headBytes += end - at;
    if (this.headBytes > MAX_HEAD_BYTES || this.line.length > MAX_HEAD_BYTES) {
      throw new OutboundError('net/http: server response headers are too long');
    }
    if (lf >= 0) {
      const line = this.line.endsWith('\r') ? this.line.slice(0, -1) : this.line;
      this.line = '';
      this.onLine(line);
    }
    return end;
  }

  private onLine(line: string): void {
    switch (this.place) {
      case 'status':
        return this.onStatusLine(line);
      case 'headers':
        return line === '' ? this.onHeadEnd() : this.onHeader(line);
      case 'chunk-size':
        return this.onChunkSize(line);
      case 'chunk-end':
        if (line !== '') throw malformed('Expected LF after chunk data');
        this.place = 'chunk-size';
        return;
      case 'trailers':
        if (line === '') this.finish();
        return;
      case 'sized':
      case 'unsized':
      case 'chunk':
      case 'done':
        return; // nothing there comes in lines
    }
  }

  private onStatusLine(line: string): void {
    if (line === '') return; // what a sloppy server left of an earlier response (RFC 9112 2.2)
    const [, status, text = ''] = STATUS_LINE.exec(line) ?? [];
    if (status === undefined) throw malformed('Invalid status code');
    this.head.status = Number(status);
    this.head.statusText = asUtf8(text);
    this.head.keepsAlive = !line.startsWith('HTTP/1.0');
    this.place = 'headers';
  }

  private onHeader(line: string): void {
    const { headers } = this.head;
    if ((line.startsWith(' ') || line.startsWith('\t')) && this.lastName !== null) {
      headers[this.lastName] += ` ${asUtf8(line.trim())}`;
      return;
    }
    const [, name, value] = HEADER.exec(line) ?? [];
    if (name === undefined) throw malformed('Invalid header token');
    const key = name.toLowerCase();
    this.lastName = key;
    headers[key] = Object.hasOwn(headers, key) ? `${headers[key]}, ${asUtf8(value!)}` : asUtf8(value!);
  }

  private onHeadEnd(): void {
    const { head } = this;
    const { status, headers } = head;
    if (status < 200 && !(status === 101 && this.options.mayUpgrade)) {
      if (status === 101) throw brokenTransport('unexpected switch of protocols');
      this.head = emptyHead(); // interim, the response is still to come
      this.lastName = null;
      this.place = 'status';
      return;
    }
    this.frame(head);
    head.keepsAlive &&= !hasToken(headers['connection'], 'close') && this.place !== 'unsized';
    this.events.onHead(head);
    if (this.place === 'sized' && this.left === 0) this.finish();
  }

  /** How long the body is: RFC 9112 6.3. */
  private frame({ status, headers }: ResponseHead): void {
    this.left = 0;
    const coding = headers['transfer-encoding'];
    const length = headers['content-length'];
    if (this.options.method === 'HEAD' || status < 200 || status === 204 || status === 304) this.place = 'sized';
    else if (coding !== undefined) this.place = /(^|,)\s*chunked$/i.test(coding) ? 'chunk-size' : 'unsized';
    else if (length === undefined) this.place = 'unsized';
    else {
      this.left = readLength(length);
      this.place = 'sized';
    }
  }

  private onChunkSize(line: string): void {
    const [, digits] = /^([\da-f]{1,13})[ \t]*(?:;.*)?$/is.exec(line) ?? [];
    if (digits === undefined) throw malformed('Invalid character in chunk size');
    this.left = parseInt(digits, 16);
    this.place = this.left === 0 ? 'trailers' : 'chunk';
  }

  private finish(): void {
    this.place = 'done';
    this.events.onEnd();
  }
}

function emptyHead(): ResponseHead {
  return { status: 0, statusText: '', headers: {}, keepsAlive: true };
}

/** As soon as it is certain: such a server may be waiting for us to speak its own protocol. */
function refuseOtherProtocols(line: string): void {
  if (line === '' || line === '\r' || 'HTTP/'.startsWith(line.slice(0, 5))) return;
  const text = asUtf8(line.endsWith('\r') ? line.slice(0, -1) : line);
  throw brokenTransport(`malformed HTTP response ${JSON.stringify(text.slice(0, MAX_QUOTED))}`);
}

/** One length, which may be repeated (RFC 9110 8.6). */
function readLength(text: string): number {
  const [first = '', ...others] = text.split(/\s*,\s*/);
  if (!/^\d{1,15}$/.test(first) || others.some((other) => other !== first)) {
    throw malformed('Invalid character in Content-Length');
  }
  return Number(first);
}

function hasToken(list: string | undefined, token: string): boolean {
  return (
    list !== undefined &&
    list
      .toLowerCase()
      .split(/\s*,\s*/)
      .includes(token)
  );
}

/** Lines are collected byte by byte; what goes beyond ASCII is UTF-8 nowadays. */
function asUtf8(bytes: string): string {
  return /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

function malformed(reason: string): OutboundError {
  return brokenTransport(`malformed HTTP response: ${reason}`);
}

/** What was received is no HTTP/1.x. */
function brokenTransport(problem: string): OutboundError {
  return new OutboundError(`net/http: HTTP/1.x transport connection broken: ${problem}`);
}
