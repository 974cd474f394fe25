import { SealedPayload } from './sealed-payload';

const SECRET = 'sixteen or more characters';

describe('SealedPayload', () => {
  const payload = new SealedPayload(SECRET, 'checks');

  it('gives back what was sealed, in any process that knows the secret', () => {
    const value = [{ job: { name: '🚨', config: '{"password":"p"}' }, token: 't:1' }];

    expect(new SealedPayload(SECRET, 'checks').open(payload.seal(value))).toEqual(value);
  });

  it('shows nothing of it', () => {
    const sealed = payload.seal({ password: 'open sesame' });

    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('sesame');
    expect(payload.seal({ password: 'open sesame' })).not.toBe(sealed);
  });

  it.each([
    ['another secret', new SealedPayload('another secret, long enough', 'checks')],
    ['another purpose', new SealedPayload(SECRET, 'results')],
  ])('does not open with %s', (_, other) => {
    expect(() => other.open(payload.seal(1))).toThrow();
  });

  it('does not open when changed on the way, or cut', () => {
    const bytes = Buffer.from(payload.seal({ monitor: 1 }), 'base64');
    const changed = Buffer.from(bytes);
    changed[20] = bytes[20]! ^ 1;

    expect(() => payload.open(changed.toString('base64'))).toThrow();
    expect(() => payload.open(bytes.subarray(0, 20).toString('base64'))).toThrow();
    expect(() => payload.open('')).toThrow();
  });
});
