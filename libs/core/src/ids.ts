import { randomBytes, randomInt } from 'node:crypto';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** 16 bytes as the usual 8-4-4-4-12 lower-case text. */
function format(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += HEX[bytes[i]!];
  }
  return text;
}

let lastMs = 0;
let sequence = 0;

/** UUID version 7 (RFC 9562 5.7), ascending within this process even inside one millisecond. */
export function newId(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    sequence = randomInt(0x400);
  } else if (++sequence > 0xfff) {
    lastMs += 1;
    sequence = 0;
  }
  const bytes = randomBytes(16);
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes[6] = 0x70 | (sequence >> 8);
  bytes[7] = sequence & 0xff;
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return format(bytes);
}

/** Where a heartbeat stands in the timeline; unique, and all that its wire id says. */
export interface HeartbeatKey {
  /** Internal number of the monitor, 1 to 2^32-1. */
  monitorKey: number;
  /** Start of the check, epoch milliseconds. */
  timeMs: number;
  /** Tells beats of the same millisecond apart: 0 for checks, 24 bits for pushes. */
  nonce: number;
}

/** Lists are of one monitor, and the nonce of checks is 0: what follows the time is nearly always the same. */
let lastKey = NaN;
let lastNonce = NaN;
let lastTail = '';

/**
 * The wire id of a heartbeat: a UUID v7 made of its key, so that no id has to be stored or indexed.
 * Layout after the 48 bits of time: version, 12 bits zero, variant, 6 bits zero, 32 bits monitor, 24 bits nonce.
 */
export function heartbeatId({ monitorKey, timeMs, nonce }: HeartbeatKey): string {
  const low = timeMs % 0x10000;
  const time = `${hex32((timeMs - low) / 0x10000)}-${HEX[low >>> 8]}${HEX[low & 0xff]}`;
  if (monitorKey !== lastKey || nonce !== lastNonce) {
    const key = hex32(monitorKey);
    lastTail = `-7000-80${key.slice(0, 2)}-${key.slice(2)}${hex24(nonce)}`;
    lastKey = monitorKey;
    lastNonce = nonce;
  }
  return time + lastTail;
}

const HEARTBEAT_ID = /^([0-9a-f]{8})-([0-9a-f]{4})-7000-80([0-9a-f]{2})-([0-9a-f]{6})([0-9a-f]{6})$/i;

/** @returns null for a text that {@link heartbeatId} cannot have made. */
export function parseHeartbeatId(id: string): HeartbeatKey | null {
  const match = HEARTBEAT_ID.exec(id);
  if (!match) return null;
  return {
    timeMs: parseInt(match[1]! + match[2]!, 16),
    monitorKey: parseInt(match[3]! + match[4]!, 16),
    nonce: parseInt(match[5]!, 16),
  };
}

function hex32(value: number): string {
  return HEX[(value >>> 24) & 0xff]! + HEX[(value >>> 16) & 0xff]! + HEX[(value >>> 8) & 0xff]! + HEX[value & 0xff]!;
}

function hex24(value: number): string {
  return HEX[(value >>> 16) & 0xff]! + HEX[(value >>> 8) & 0xff]! + HEX[value & 0xff]!;
}

let nonce = randomInt(0x1000000);

/** 24 bits, different for 16 million calls in a row in this process. Never 0, which is the checks'. */
export function newNonce(): number {
  nonce = nonce === 0xffffff ? 1 : nonce + 1;
  return nonce;
}

/** A stable 32-bit number of a text (FNV-1a), for spreading; not for secrets. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // FNV's low bits are weak for similar texts; one round of murmur3's finaliser evens them out.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
