import { newTotpSecret, provisioningUri, stepOfCode } from './totp';

/** RFC 6238 appendix B: the secret `12345678901234567890`, SHA-1, the last six of eight digits. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('stepOfCode', () => {
  it.each([
    { seconds: 59, code: '287082', step: 1 },
    { seconds: 1111111109, code: '081804', step: 37037036 },
    { seconds: 1234567890, code: '005924', step: 41152263 },
    { seconds: 20000000000, code: '353130', step: 666666666 },
  ])('knows the code $code of the RFC', async ({ seconds, code, step }) => {
    await expect(stepOfCode(RFC_SECRET, code, { now: seconds * 1000, lastStep: null })).resolves.toBe(step);
  });

  it.each([
    { at: -31, found: false },
    { at: -30, found: true },
    { at: 0, found: true },
    { at: 29, found: true },
    { at: 59, found: true },
    { at: 60, found: false },
  ])('accepts a code $at s from the start of its step: $found', async ({ at, found }) => {
    const now = (37037036 * 30 + at) * 1000;
    const step = await stepOfCode(RFC_SECRET, '081804', { now, lastStep: null });
    expect(step).toBe(found ? 37037036 : null);
  });

  it.each([
    { lastStep: 37037035, found: 37037036 },
    { lastStep: 37037036, found: null },
    { lastStep: 37037037, found: null },
  ])('after a code of step $lastStep answers $found', async ({ lastStep, found }) => {
    const now = 1111111109_000;
    await expect(stepOfCode(RFC_SECRET, '081804', { now, lastStep })).resolves.toBe(found);
  });

  it.each(['', '81804', '0081804', 'abcdef', '08 1804', '٠٨١٨٠٤'])('refuses %j', async (code) => {
    await expect(stepOfCode(RFC_SECRET, code, { now: 1111111109_000, lastStep: null })).resolves.toBeNull();
  });

  it('ignores blanks around the code', async () => {
    await expect(stepOfCode(RFC_SECRET, ' 081804\n', { now: 1111111109_000, lastStep: null })).resolves.not.toBeNull();
  });
});

describe('provisioningUri', () => {
  it('has its parameters in the known order', () => {
    expect(provisioningUri(RFC_SECRET, 'ops@acme.test')).toBe(
      `otpauth://totp/peekaping:ops@acme.test?algorithm=SHA1&digits=6&issuer=peekaping&period=30&secret=${RFC_SECRET}`,
    );
  });

  it('escapes what would end the label', () => {
    const { pathname, searchParams } = new URL(provisioningUri(RFC_SECRET, '"a?b#c/d"@acme.test'));
    expect(decodeURIComponent(pathname)).toContain('"a?b#c/d"@acme.test');
    expect(searchParams.get('secret')).toBe(RFC_SECRET);
  });
});

describe('newTotpSecret', () => {
  it('is 160 bits of Base32, never the same', async () => {
    const secret = await newTotpSecret();

    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    await expect(newTotpSecret()).resolves.not.toBe(secret);
  });
});
