import type { Writable } from 'node:stream';
import * as ws from 'ws';
import { textFrame } from './text-frame';

/** The parser that `ws` exports, which its types leave out. */
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Writable };

describe('textFrame', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536])('frames %d bytes as every WebSocket client reads them', (length) => {
    const text = 'x'.repeat(length);

    expect(read(textFrame(text))).toEqual([text]);
  });

  it('counts bytes, not characters', () => {
    const text = '€'.repeat(60);

    expect(read(Buffer.concat([textFrame(text), textFrame('🙂')]))).toEqual([text, '🙂']);
  });
});

function read(frames: Buffer): string[] {
  const texts: string[] = [];
  const receiver = new Receiver({ isServer: false, allowSynchronousEvents: true });
  receiver.on('message', (data: Buffer) => texts.push(data.toString()));
  receiver.write(frames);
  return texts;
}
