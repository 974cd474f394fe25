import { createSecretKey, randomBytes } from 'node:crypto';
import { decrypt, encrypt } from './cipher';

describe('encrypt and decrypt', () => {
  const key = createSecretKey(randomBytes(32));

  it('give the text back to its owner', () => {
    const sealed = encrypt(key, '4TCFON767ZOHJJVL7QGPHDEHSVJQ6I3P', 'user 1');

    expect(sealed).not.toContain('4TCFON76');
    expect(sealed.length).toBeLessThan(255);
    expect(decrypt(key, sealed, 'user 1')).toBe('4TCFON767ZOHJJVL7QGPHDEHSVJQ6I3P');
  });

  it('never make the same of the same text', () => {
    expect(encrypt(key, 'text', 'user')).not.toBe(encrypt(key, 'text', 'user'));
  });

  it('fail with another owner, another key, and a changed text', () => {
    const sealed = encrypt(key, 'text', 'user 1');
    const changed = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BA' : 'AA');

    expect(() => decrypt(key, sealed, 'user 2')).toThrow();
    expect(() => decrypt(createSecretKey(randomBytes(32)), sealed, 'user 1')).toThrow();
    expect(() => decrypt(key, changed, 'user 1')).toThrow();
  });

  it.each(['', 'v1', 'v1:', 'v1:AAAA', 'v2:AAAA', '4TCFON767ZOHJJVL7QGPHDEHSVJQ6I3P'])('refuse %j', (text) => {
    expect(() => decrypt(key, text, 'user')).toThrow('not an encrypted value');
  });
});
