import { textFrame } from './text-frame';

/** Who understands a message: Socket.IO clients know heartbeats only. */
export type Audience = 'everybody' | 'ws';

/** One thing that happened, for the sockets of one room. */
export class RoomMessage {
  constructor(
    readonly event: string,
    /** The data, already serialised: it goes to two rooms in two framings. */
    private readonly json: string,
    readonly audience: Audience,
  ) {}

  /** As `/api/v1/ws` says it. */
  get text(): string {
    return `{"event":${JSON.stringify(this.event)},"data":${this.json}}`;
  }

  /** As Socket.IO says it: an EVENT packet without Engine.IO's type digit. */
  get packet(): string {
    return `2[${JSON.stringify(this.event)},${this.json}]`;
  }
}

/** What a room tells its sockets at one time: each framing is made once, however many sockets there are. */
export class Batch {
  private memo: { texts?: string[]; packets?: string[]; frames?: Buffer; packetFrames?: Buffer } = {};

  constructor(private readonly messages: readonly RoomMessage[]) {}

  get texts(): string[] {
    return (this.memo.texts ??= this.messages.map(({ text }) => text));
  }

  /** May be empty. */
  get packets(): string[] {
    return (this.memo.packets ??= this.messages
      .filter(({ audience }) => audience === 'everybody')
      .map(({ packet }) => packet));
  }

  /** All texts as ready WebSocket frames, one after the other. */
  get frames(): Buffer {
    return (this.memo.frames ??= Buffer.concat(this.texts.map(textFrame)));
  }

  /** All packets as ready WebSocket frames; `4` is Engine.IO's MESSAGE. */
  get packetFrames(): Buffer {
    return (this.memo.packetFrames ??= Buffer.concat(this.packets.map((packet) => textFrame(`4${packet}`))));
  }
}
