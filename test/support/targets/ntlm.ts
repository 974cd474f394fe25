import { createHmac } from 'node:crypto';

/** What the server knows of the account "probe" with the password "s3cret": MD4 of it in UTF-16. */
const NT_HASH = Buffer.from('d4c619cb16d4632b275658316a7e657e', 'hex');
const TARGET_NAME = 'CORP';
const SERVER_CHALLENGE = Buffer.from('0123456789abcdef', 'hex');

/** A type 2 message ([MS-NLMP] 2.2.1.2); with a timestamp the client owes an integrity code. */
export function ntlmChallenge({ timestamp }: { timestamp: boolean }): Buffer {
  const name = Buffer.from(TARGET_NAME, 'utf16le');
  const info = Buffer.concat([
    avPair(2, name),
    ...(timestamp ? [avPair(7, Buffer.from('0011223344556601', 'hex'))] : []),
    avPair(0, Buffer.alloc(0)),
  ]);
  const head = Buffer.alloc(56);
  head.write('NTLMSSP\0', 'latin1');
  head.writeUInt32LE(2, 8);
  field(head, 12, name, 56);
  head.writeUInt32LE(0xa2898205, 20);
  SERVER_CHALLENGE.copy(head, 24);
  field(head, 40, info, 56 + name.length);
  return Buffer.concat([head, name, info]);
}

/** Whether the messages of a client prove that it knows the password. */
export function provesPassword(negotiate: Buffer, challenge: Buffer, authenticate: Buffer): boolean {
  const user = read(authenticate, 36).toString('utf16le');
  const domain = read(authenticate, 28).toString('utf16le');
  const response = read(authenticate, 20);
  const key = hmac(NT_HASH, Buffer.from(user.toUpperCase() + domain, 'utf16le'));
  const proof = hmac(key, SERVER_CHALLENGE, response.subarray(16));
  if (user !== 'probe' || domain !== TARGET_NAME || !proof.equals(response.subarray(0, 16))) return false;
  if (!challenge.includes(Buffer.from('0011223344556601', 'hex'))) return true;
  const unsigned = Buffer.from(authenticate);
  unsigned.fill(0, 72, 88);
  return hmac(hmac(key, proof), negotiate, challenge, unsigned).equals(authenticate.subarray(72, 88));
}

function avPair(id: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
}

function field(head: Buffer, at: number, value: Buffer, offset: number): void {
  head.writeUInt16LE(value.length, at);
  head.writeUInt16LE(value.length, at + 2);
  head.writeUInt32LE(offset, at + 4);
}

function read(message: Buffer, at: number): Buffer {
  const offset = message.readUInt32LE(at + 4);
  return message.subarray(offset, offset + message.readUInt16LE(at));
}

function hmac(key: Buffer, ...parts: Buffer[]): Buffer {
  return parts.reduce((mac, part) => mac.update(part), createHmac('md5', key)).digest();
}
