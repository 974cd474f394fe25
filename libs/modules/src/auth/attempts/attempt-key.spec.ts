import { loginKeys } from './attempt-key';

describe('loginKeys', () => {
  it.each([
    ['192.0.2.1', 'address:192.0.2.1'],
    ['::ffff:192.0.2.1', 'address:192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', 'address:2001:db8:1:2::/64'],
    ['x'.repeat(400), `address:${'x'.repeat(45)}`],
  ])('makes of %s the key %s', (address, key) => {
    expect(loginKeys(address, 'ops@acme.test').address).toEqual({ key, share: 10 });
  });

  it('takes the e-mail in any letter case, and fits the column', () => {
    expect(loginKeys('::1', 'OPS@Acme.test').account).toEqual(loginKeys('::1', 'ops@acme.test').account);
    expect(loginKeys('x'.repeat(400), 'a'.repeat(254)).account.key.length).toBeLessThanOrEqual(320);
  });
});
