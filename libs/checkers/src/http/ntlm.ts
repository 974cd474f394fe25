import { createHmac, randomBytes } from 'node:crypto';
import md4 from 'js-md4';

/** NTLMv2 as in [MS-NLMP]: https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-nlmp/ */
export interface NtlmCredentials {
  user: string;
  password: string;
  domain: string;
}

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');

/** 2.2.2.5 */
const FLAG = {
  unicode: 0x0000_0001,
  requestTarget: 0x0000_0004,
  ntlm: 0x0000_0200,
  domainSupplied: 0x0000_1000,
  alwaysSign: 0x0000_8000,
  extendedSessionSecurity: 0x0008_0000,
  targetInfo: 0x0080_0000,
  key128: 0x2000_0000,
  key56: 0x8000_0000,
};
const OFFERED =
  FLAG.unicode |
  FLAG.requestTarget |
  FLAG.ntlm |
  FLAG.alwaysSign |
  FLAG.extendedSessionSecurity |
  FLAG.targetInfo |
  FLAG.key128 |
  FLAG.key56;

/** 2.2.2.1 */
const AV = { end: 0, flags: 6, timestamp: 7 };
const MIC_PROVIDED = 2;

/**
 * Answers the challenges of a server, one after another on the same connection: first with who we are (type 1), then
 * with the proof that we know the password (type 3). Null when it does not offer NTLM or refuses the proof; the
 * password is never sent in any other way.
 */
export function ntlmResponder(credentials: NtlmCredentials): (challenge: string) => string | null {
  let negotiate: Buffer | undefined;
  let proven = false;
  return (challenge) => {
    const offer = /(?:^|,)\s*(NTLM|Negotiate)(?:\s+([\w+/]+=*))?\s*(?=,|$)/i.exec(challenge);
    if (!offer || proven) return null;
    const [, scheme, token] = offer;
    if (!negotiate) {
      negotiate = negotiateMessage(credentials.domain);
      return `${scheme} ${negotiate.toString('base64')}`;
    }
    const message = token && authenticateMessage(negotiate, Buffer.from(token, 'base64'), credentials);
    if (!message) return null;
    proven = true;
    return `${scheme} ${message.toString('base64')}`;
  };
}

/** 2.2.1.1 */
function negotiateMessage(domain: string): Buffer {
  const name = Buffer.from(domain.toUpperCase(), 'latin1');
  const head = messageHead(1, 32);
  head.writeUInt32LE((OFFERED | FLAG.domainSupplied) >>> 0, 12);
  writeField(head, 16, name, 32);
  writeField(head, 24, Buffer.alloc(0), 32 + name.length);
  return Buffer.concat([head, name]);
}

interface Challenge {
  flags: number;
  serverChallenge: Buffer;
  targetName: string;
  targetInfo: Buffer;
  timestamp?: Buffer;
}

/** 2.2.1.2; null when the server sent something else. */
function readChallenge(message: Buffer): Challenge | null {
  if (message.length < 48 || !message.subarray(0, 8).equals(SIGNATURE) || message.readUInt32LE(8) !== 2) return null;
  const targetInfo = readField(message, 40);
  return {
    flags: message.readUInt32LE(20),
    serverChallenge: message.subarray(24, 32),
    targetName: readField(message, 12).toString('utf16le'),
    targetInfo,
    timestamp: avPairs(targetInfo).find(({ id }) => id === AV.timestamp)?.value,
  };
}

/** 2.2.1.3, computed as in 3.3.2 */
function authenticateMessage(negotiate: Buffer, challengeMessage: Buffer, credentials: NtlmCredentials): Buffer | null {
  const challenge = readChallenge(challengeMessage);
  if (!challenge) return null;
  // The server's own name for the domain, as existing monitors rely on it.
  const domain = challenge.targetName || credentials.domain;
  const responseKey = hmac(ntHash(credentials.password), utf16(credentials.user.toUpperCase() + domain));
  const clientChallenge = randomBytes(8);
  const { timestamp } = challenge;
  const blob = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    timestamp ?? fileTime(Date.now()),
    clientChallenge,
    Buffer.alloc(4),
    timestamp ? withMicFlag(challenge.targetInfo) : challenge.targetInfo,
    Buffer.alloc(4),
  ]);
  const proof = hmac(responseKey, challenge.serverChallenge, blob);
  const lmProof = hmac(responseKey, challenge.serverChallenge, clientChallenge);
  const lm = timestamp ? Buffer.alloc(24) : Buffer.concat([lmProof, clientChallenge]);
  const message = assemble([lm, Buffer.concat([proof, blob]), utf16(domain), utf16(credentials.user)], challenge.flags);
  // The integrity code goes with the timestamp, over all three messages (3.1.5.1.2).
  if (timestamp) hmac(hmac(responseKey, proof), negotiate, challengeMessage, message).copy(message, MIC_OFFSET);
  return message;
}

const MIC_OFFSET = 72;
const AUTHENTICATE_HEAD = 88;

function assemble([lm, nt, domain, user]: Buffer[], serverFlags: number): Buffer {
  const none = Buffer.alloc(0);
  const fields = [lm!, nt!, domain!, user!, none, none]; // workstation and session key are not used
  const head = messageHead(3, AUTHENTICATE_HEAD);
  let offset = AUTHENTICATE_HEAD;
  fields.forEach((field, index) => {
    writeField(head, 12 + 8 * index, field, offset);
    offset += field.length;
  });
  head.writeUInt32LE((serverFlags & OFFERED) >>> 0, 60);
  return Buffer.concat([head, ...fields]);
}

/** Says that the message carries an integrity code. */
function withMicFlag(targetInfo: Buffer): Buffer {
  const pairs = avPairs(targetInfo).filter(({ id }) => id !== AV.flags);
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(MIC_PROVIDED);
  return Buffer.concat([
    ...[...pairs, { id: AV.flags, value: flags }].map(avPair),
    avPair({ id: AV.end, value: Buffer.alloc(0) }),
  ]);
}

interface AvPair {
  id: number;
  value: Buffer;
}

function avPairs(targetInfo: Buffer): AvPair[] {
  const pairs: AvPair[] = [];
  for (let at = 0; at + 4 <= targetInfo.length;) {
    const id = targetInfo.readUInt16LE(at);
    if (id === AV.end) break;
    const end = at + 4 + targetInfo.readUInt16LE(at + 2);
    pairs.push({ id, value: targetInfo.subarray(at + 4, end) });
    at = end;
  }
  return pairs;
}

function avPair({ id, value }: AvPair): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
}

function messageHead(type: number, length: number): Buffer {
  const head = Buffer.alloc(length);
  SIGNATURE.copy(head);
  head.writeUInt32LE(type, 8);
  return head;
}

/** Length, space and offset of a field in the payload. */
function writeField(head: Buffer, at: number, field: Buffer, offset: number): void {
  head.writeUInt16LE(field.length, at);
  head.writeUInt16LE(field.length, at + 2);
  head.writeUInt32LE(offset, at + 4);
}

function readField(message: Buffer, at: number): Buffer {
  const offset = message.readUInt32LE(at + 4);
  return message.subarray(offset, offset + message.readUInt16LE(at));
}

function ntHash(password: string): Buffer {
  // Its other output methods ask OpenSSL, which has given up MD4.
  return Buffer.from(md4.arrayBuffer(utf16(password)));
}

function hmac(key: Buffer, ...parts: Buffer[]): Buffer {
  const mac = createHmac('md5', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

/** 100 ns since 1601. */
function fileTime(epochMs: number): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(epochMs) + 11_644_473_600_000n) * 10_000n);
  return time;
}
