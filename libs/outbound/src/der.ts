/** One element of a DER encoding (ITU-T X.690 8.1). */
export interface DerNode {
  /** First octet: class, constructed bit and tag number. */
  tag: number;
  /** Content octets. */
  content: Buffer;
  /** Tag, length and content. */
  encoded: Buffer;
}

export const TAG = {
  bitString: 0x03,
  utcTime: 0x17,
  bmpString: 0x1e,
  universalString: 0x1c,
} as const;

/** @throws Error when the octets at `offset` are no complete element. */
export function readDer(bytes: Buffer, offset = 0): DerNode {
  const tag = octet(bytes, offset);
  const first = octet(bytes, offset + 1);
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  if (lengthOctets > 4) throw new Error('DER length is out of range');
  let length = lengthOctets === 0 ? first : 0;
  for (let i = 0; i < lengthOctets; i++) length = length * 256 + octet(bytes, offset + 2 + i);
  const start = offset + 2 + lengthOctets;
  if (start + length > bytes.length) throw new Error('DER element is cut short');
  return { tag, content: bytes.subarray(start, start + length), encoded: bytes.subarray(offset, start + length) };
}

/** The elements inside a constructed one. */
export function childrenOf(node: Pick<DerNode, 'content'>): DerNode[] {
  const children: DerNode[] = [];
  for (let offset = 0; offset < node.content.length;) {
    const child = readDer(node.content, offset);
    children.push(child);
    offset += child.encoded.length;
  }
  return children;
}

/** An OBJECT IDENTIFIER in dots (X.690 8.19). */
export function oidText(node: DerNode): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of node.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (arcs.length === 0) arcs.push(Math.min(2, Math.floor(arc / 40)), arc - 40 * Math.min(2, Math.floor(arc / 40)));
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

/** An INTEGER of any size. */
export function integerOf(node: DerNode): bigint {
  if (node.content.length === 0) return 0n;
  return BigInt.asIntN(node.content.length * 8, BigInt(`0x${node.content.toString('hex')}`));
}

/** A character string of any of the ASN.1 types that certificates use. */
export function stringOf(node: DerNode): string {
  switch (node.tag) {
    case TAG.bmpString:
      return Buffer.from(node.content).swap16().toString('utf16le');
    case TAG.universalString:
      return Array.from({ length: node.content.length / 4 }, (_, i) => node.content.readUInt32BE(4 * i))
        .map((codePoint) => String.fromCodePoint(codePoint))
        .join('');
    case 0x14: // TeletexString, in practice Latin-1
      return node.content.toString('latin1');
    default:
      return node.content.toString('utf8');
  }
}

/** Epoch ms of a UTCTime or GeneralizedTime as RFC 5280 4.1.2.5 writes them: seconds, and always Z. */
export function timeOf(node: DerNode): number {
  const text = node.content.toString('latin1');
  const short = node.tag === TAG.utcTime;
  const year = short ? Number(text.slice(0, 2)) + (text < '50' ? 2000 : 1900) : Number(text.slice(0, 4));
  const rest = text.slice(short ? 2 : 4);
  const [month = 1, day = 1, hour = 0, minute = 0, second = 0] = (rest.match(/\d\d/g) ?? []).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function octet(bytes: Buffer, offset: number): number {
  const value = bytes[offset];
  if (value === undefined) throw new Error('DER element is cut short');
  return value;
}
