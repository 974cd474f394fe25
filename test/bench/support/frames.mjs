// As much of a WebSocket client as a thousand of them in one process can afford: it opens, counts messages, answers
// pings. What the messages say is looked at by few.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const TEXT = 1;
const PING = 9;
const PONG = 10;

export class FrameClient {
  /** Text messages so far. */
  received = 0;
  #rest = Buffer.alloc(0);
  onText;

  /**
   * @param {string} url ws://host:port/path
   * @param {(payload: Buffer, client: FrameClient) => void} [onText]
   */
  static open(url, onText) {
    const { hostname, port, pathname, search, host } = new URL(url);
    return new Promise((resolve, reject) => {
      const client = new FrameClient(connect(Number(port), hostname), onText);
      client.socket.once('error', reject);
      client.socket.once('close', () => reject(new Error(`${pathname} closed the connection`)));
      client.socket.once('data', (head) => {
        const end = head.indexOf('\r\n\r\n');
        if (!head.toString('latin1', 0, 12).endsWith('101')) return reject(new Error(head.toString('latin1', 0, end)));
        client.socket.on('data', (chunk) => client.#read(chunk));
        client.#read(head.subarray(end + 4));
        resolve(client);
      });
      client.socket.write(
        `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
      );
    });
  }

  constructor(socket, onText) {
    this.socket = socket;
    this.onText = onText;
  }

  send(text) {
    this.#write(TEXT, Buffer.from(text));
  }

  close() {
    this.socket.destroy();
  }

  /** Up to 125 bytes, masked with zeros. */
  #write(opcode, payload) {
    this.socket.write(Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]));
  }

  #read(chunk) {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (;;) {
      const short = data[1] & 0x7f;
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (data.length < header) break;
      const length = short < 126 ? short : short === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
      if (data.length < header + length) break;
      this.#take(data[0] & 0x0f, data.subarray(header, header + length));
      data = data.subarray(header + length);
    }
    this.#rest = data;
  }

  #take(opcode, payload) {
    if (opcode === PING) return this.#write(PONG, payload);
    if (opcode !== TEXT) return;
    if (payload.length === 1 && payload[0] === 0x32) return this.send('3'); // Engine.IO's ping and pong
    this.received++;
    this.onText?.(payload, this);
  }
}
