import { hideUrlSecrets } from './hide-secrets';

describe('hideUrlSecrets', () => {
  it.each([
    ['https://shop.example.org/health?page=1', 'https://shop.example.org/health?page=1'],
    ['https://ops:hunter2@example.org/', 'https://[hidden]@example.org/'],
    ['https://ops:p@ss@example.org/', 'https://[hidden]@example.org/'],
    ['postgres://ops@db:5432/x', 'postgres://[hidden]@db:5432/x'],
    ['https://example.org/@ops', 'https://example.org/@ops'],
    ['https://example.org/?api_key=abc&page=2', 'https://example.org/?api_key=[hidden]&page=2'],
    ['https://example.org/?access_token=a.b-c#x', 'https://example.org/?access_token=[hidden]#x'],
    ['https://example.org/?key=abc', 'https://example.org/?key=[hidden]'],
    ['https://example.org/?monkey=abc&keyboard=b', 'https://example.org/?monkey=abc&keyboard=b'],
    ['https://example.org/?X-Amz-Signature=abc', 'https://example.org/?X-Amz-Signature=[hidden]'],
    ['not a url?token=abc', 'not a url?token=abc'],
    ['', ''],
  ])('of %j is %j', (text, expected) => {
    expect(hideUrlSecrets(text)).toBe(expected);
  });
});
