import { isStrongPassword } from './password-policy';

describe('isStrongPassword', () => {
  it.each([
    ['TestPassword1234!', true],
    ['Aa1!Aa1!', true],
    ['Test12!', false], // 7 bytes
    ['Äö1!äö', true], // 6 characters, but 10 bytes
    ['TestPassword1234', false],
    ['TestPassword!', false],
    ['testpassword1!', false],
    ['TESTPASSWORD1!', false],
    ['Testpassword½!', true], // a number of another script
    ['Жжжжжж٣!', true],
    ['TestPassword1/', false], // symbols that do not count
    ["TestPassword1~'", false],
    ['TestPassword1\\', false],
    ['TestPassword1"', false],
    ['TestPassword1€', false],
    ['TestPassword1 ', false],
    ['', false],
  ])('says of %j: %s', (text, strong) => {
    expect(isStrongPassword(text)).toBe(strong);
  });

  it.each([...'!@#$%^&*()_+-=[]{}|;:,.<>?'])('counts %s as special', (char) => {
    expect(isStrongPassword(`TestPassword1${char}`)).toBe(true);
  });
});
