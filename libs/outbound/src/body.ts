import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/** What was received of a body. */
export interface RawBody {
  bytes: Buffer;
  /** The cap was reached; there would have been more. */
  truncated: boolean;
}

/**
 * Undoes `Content-Encoding`, at most `cap` bytes of it: what a small body unfolds to is bounded as well. An encoding
 * that we do not know leaves the bytes as they are.
 * @throws Error of zlib for a broken body.
 */
export async function decodeBody({ bytes, truncated }: RawBody, encoding: string, cap: number): Promise<Buffer> {
  const codings = encoding.toLowerCase().split(/[\s,]+/);
  let decoded = bytes;
  for (const coding of codings.reverse()) {
    if (decoded.length > 0) decoded = await undo(coding, decoded, truncated, cap);
  }
  return decoded;
}

async function undo(coding: string, bytes: Buffer, truncated: boolean, cap: number): Promise<Buffer> {
  const stream = decoder(coding, bytes, truncated);
  if (!stream) return bytes;
  stream.end(bytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= cap) break; // leaving the loop destroys the stream
  }
  return Buffer.concat(chunks, Math.min(size, cap));
}

function decoder(coding: string, bytes: Buffer, truncated: boolean) {
  const zlib = truncated ? { finishFlush: constants.Z_SYNC_FLUSH } : {};
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip(zlib);
    case 'deflate':
      // Some servers leave out the zlib header that RFC 9110 8.4.1.2 asks for.
      return (bytes[0]! & 0x0f) === 8 ? createInflate(zlib) : createInflateRaw(zlib);
    case 'br':
      return createBrotliDecompress(truncated ? { finishFlush: constants.BROTLI_OPERATION_FLUSH } : {});
    default:
      return undefined;
  }
}
