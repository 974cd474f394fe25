import { displayForm, fastHash, formatKey, matchesFastHash, newSecret, parseKey } from './api-key.format';

const id = '9d74a53e-69ea-42d9-9e01-9d503df0e32f';
const secret = 'GdG0MYPMIcdVEpDnZa3RpaFH_STQ9NS_1V216CpWT5UU='.slice(-44);
const keyOf = (payload: string) =>
  `pk_${Buffer.from(payload).toString('base64').replaceAll('+', '-').replaceAll('/', '_')}`;

describe('API keys', () => {
  it('are as long as clients know them, and say what was put in', () => {
    const made = newSecret();
    const key = formatKey({ id, secret: made });

    expect(made).toMatch(/^[\w-]{43}=$/);
    expect(key).toMatch(/^pk_[\w-]+=*$/);
    expect(key).toHaveLength(135);
    expect(parseKey(key)).toEqual({ id, secret: made });
  });

  it('of the system that we replace are read', () => {
    const issued =
      'pk_eyJpZCI6IjlkNzRhNTNlLTY5ZWEtNDJkOS05ZTAxLTlkNTAzZGYwZTMyZiIsImtleSI6IkdkRzBNWVBNSWNkVkVwRG5aYTNScGFGSF9TVFk5U18xVjIxNkNwV1Q1VVU9In0=';

    expect(parseKey(issued)).toEqual({ id, secret: 'GdG0MYPMIcdVEpDnZa3RpaFH_STY9S_1V216CpWT5UU=' });
    expect(formatKey(parseKey(issued)!)).toBe(issued);
  });

  it('may say more than we need', () => {
    expect(parseKey(keyOf('{"id":"a","key":"b","more":"c"}'))).toEqual({ id: 'a', secret: 'b' });
  });

  it.each([
    ['nothing', ''],
    ['the prefix', 'pk_'],
    ['a short text', 'pk_abc'],
    ['another prefix', formatKey({ id, secret }).replace('pk_', 'PK_')],
    ['no prefix', formatKey({ id, secret }).slice(3)],
    ['too long a text', keyOf(JSON.stringify({ id, key: 'x'.repeat(200) }))],
    ['other characters', 'pk_!!!!!!!!!!!!!!!!'],
    ['the other Base64', 'pk_ab+/ab+/ab+/'],
    ['no padding', formatKey({ id, secret }).replace(/=+$/, '')],
    ['too much padding', `${formatKey({ id, secret })}=`],
    ['no JSON', keyOf('{"id":"a","key":"b"')],
    ['null', keyOf('null      ')],
    ['a list', keyOf('["a","b"]')],
    ['a number as id', keyOf('{"id":1,"key":"b"}')],
    ['no secret', keyOf('{"id":"aaaaaaa"}')],
  ])('are not %s', (_, text) => {
    expect(parseKey(text)).toBeNull();
  });

  it('show a little of their secret in lists', () => {
    expect(displayForm('AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcdE=')).toBe('pk_AbCd...bcdE');
  });

  it('match the hash of their secret only', () => {
    expect(matchesFastHash(secret, fastHash(secret))).toBe(true);
    expect(matchesFastHash(`${secret} `, fastHash(secret))).toBe(false);
    expect(matchesFastHash(secret, null)).toBe(false);
    expect(matchesFastHash('', null)).toBe(false);
    expect(matchesFastHash(secret, '$2a$10$abc')).toBe(false);
  });
});
