import fc from 'fast-check';

/** Input that nobody means well with. */

const HUGE = [2 ** 31, 2 ** 53, 2 ** 63, 1e308, -(2 ** 63), -1, 0, 0.1, -0];
const NASTY = [
  '',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff\ud800',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  "' OR 1=1 --",
  '"; DROP TABLE monitors; --',
  '%00',
  '%',
  '%ZZ',
  '../../etc/passwd',
  '{{ 7 | times: 7 }}',
  '{% include "package.json" %}',
  '${7*7}',
  'null',
  'true',
  '[]',
  '{}',
  '\u2028\u2029',
  '\r\nX-Injected: 1',
  'http://[::1',
  'http://user:pass@host:99999/%zz?a=b#c',
  '😀'.repeat(300),
  'a'.repeat(70_000),
  '9'.repeat(400),
  '2026-11-24T12:00:00Z',
];

export const nastyText = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary' }), fc.string());

export const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  nastyText,
  fc.constantFrom<unknown>(...HUGE, null, true, false),
  fc.double(),
  fc.integer(),
  fc.array(nastyText, { maxLength: 4 }),
  fc.jsonValue({ maxDepth: 3 }),
  deepArray(),
);

function deepArray(): fc.Arbitrary<unknown> {
  return fc.integer({ min: 1, max: 200 }).map((depth) => {
    let value: unknown = 'deep';
    for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { value };
    return value;
  });
}

/** JSON that a type as complex as `config` hides in a text. */
const nastyConfig = fc.oneof(
  nastyText,
  fc.dictionary(nastyText, nastyValue, { maxKeys: 5 }).map((object) => JSON.stringify(object)),
  fc.integer({ min: 1, max: 50_000 }).map((depth) => '['.repeat(depth)),
  fc.integer({ min: 1, max: 20_000 }).map((depth) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)),
);

/** A body that was good, with some of its fields spoilt, dropped or joined by others. */
export function spoilt(good: Record<string, unknown>): fc.Arbitrary<Record<string, unknown>> {
  const keys = Object.keys(good);
  const field = fc.tuple(fc.constantFrom(...keys, '__proto__', 'constructor', 'id'), fc.oneof(nastyValue, nastyConfig));
  return fc
    .tuple(fc.array(field, { minLength: 1, maxLength: 4 }), fc.subarray(keys, { maxLength: Math.min(2, keys.length) }))
    .map(([changes, dropped]) => {
      const body: Record<string, unknown> = Object.assign(Object.create(null) as object, good);
      for (const [key, value] of changes) body[key] = value;
      for (const key of dropped) delete body[key];
      return body;
    });
}

/** The bytes of a body, from nearly good to nonsense. */
export function nastyBody(good: Record<string, unknown>): fc.Arbitrary<Buffer> {
  const text = JSON.stringify(good);
  return fc.oneof(
    { weight: 6, arbitrary: spoilt(good).map((body) => Buffer.from(JSON.stringify(body))) },
    fc.json({ maxDepth: 4 }).map((json) => Buffer.from(json)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    // A byte replaced or the end cut off: broken UTF-8 and broken JSON.
    fc.tuple(fc.nat(text.length - 1), fc.integer({ min: 0, max: 255 })).map(([at, byte]) => {
      const bytes = Buffer.from(text);
      bytes[at] = byte;
      return bytes;
    }),
    fc.nat(text.length).map((length) => Buffer.from(text.slice(0, length))),
    fc.integer({ min: 1, max: 200_000 }).map((depth) => Buffer.from('['.repeat(depth))),
    fc
      .integer({ min: 1, max: 50_000 })
      .map((depth) => Buffer.from(`{"name":"\\u0000","x":${'['.repeat(depth)}${']'.repeat(depth)}}`)),
    fc
      .constantFrom('null', '[]', '1', '""', '{}', 'true', '\ufeff{}', '{"name":1e999}')
      .map((json) => Buffer.from(json)),
  );
}

export const nastyContentType = fc.constantFrom(
  undefined,
  '',
  ';',
  'nonsense',
  'application/json',
  'application/json; charset=utf-16',
  'multipart/form-data',
  'application/x-www-form-urlencoded',
  'text/plain; charset="',
);

/** One path segment, spelt as a client could. */
export const nastySegment = fc.oneof(
  fc.constantFrom('%00', '%', '%ZZ', '%c0%af', '..', '%2e%2e', '%2F', ';', '*', '%0d%0a', 'null', '__proto__', 'batch'),
  fc.string({ unit: 'grapheme' }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.integer({ min: 1, max: 3000 }).map((length) => 'a'.repeat(length)),
  fc.uuid(),
);

export const nastyQuery = fc.oneof(
  fc.constantFrom('', '?', '?&&=&', '?%ZZ=%', '?a=1;b=2', '?__proto__=1', '?page=1e9&limit=-0', '?q=%00', '?q[]=1'),
  fc
    .array(
      fc.tuple(
        fc.constantFrom('page', 'limit', 'q', 'active', 'status', 'tag_ids', 'ids', 'msg', 'ping', 'since', 'until'),
        nastyText,
      ),
      { maxLength: 5 },
    )
    .map((pairs) => `?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(value.toWellFormed())}`).join('&')}`)
    .filter((query) => query.length < 12_000),
);
