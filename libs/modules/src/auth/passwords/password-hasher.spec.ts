import { PasswordHasher } from './password-hasher';

const PASSWORD = 'TestPassword1234!';
/** bcrypt of {@link PASSWORD}, cost 4. */
const BCRYPT = '$2a$04$A/nNR43AIHL3Zi7TWJ0XpuxQc7MPLf2dfNTCNU/XYM71a3JeL.kR6';
/** bcrypt of 72 times `x`, cost 4. */
const BCRYPT_OF_72 = '$2b$04$YPnON8JYwG7V7RxgzpgwXO4jttuogpnS/wiXv59odmHPPN/CNJUje';

describe('PasswordHasher', () => {
  const hasher = new PasswordHasher();
  beforeAll(() => hasher.onModuleInit());

  it('makes argon2id hashes that only their password matches', async () => {
    const hash = await hasher.hash(PASSWORD);

    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(hasher.isOutdated(hash)).toBe(false);
    await expect(hasher.matches(PASSWORD, hash)).resolves.toBe(true);
    await expect(hasher.matches(`${PASSWORD} `, hash)).resolves.toBe(false);
  });

  it('counts every byte of a long password', async () => {
    const hash = await hasher.hash('x'.repeat(1000));

    await expect(hasher.matches('x'.repeat(999), hash)).resolves.toBe(false);
    await expect(hasher.matches('x'.repeat(1000), hash)).resolves.toBe(true);
  });

  it.each(['2a', '2b', '2y'])('takes a bcrypt hash of the kind %s, and calls it outdated', async (kind) => {
    const hash = BCRYPT.replace('2a', kind);

    await expect(hasher.matches(PASSWORD, hash)).resolves.toBe(true);
    await expect(hasher.matches('x', hash)).resolves.toBe(false);
    expect(hasher.isOutdated(hash)).toBe(true);
  });

  it('does not ignore what bcrypt ignores', async () => {
    await expect(hasher.matches('x'.repeat(72), BCRYPT_OF_72)).resolves.toBe(true);
    await expect(hasher.matches('x'.repeat(73), BCRYPT_OF_72)).resolves.toBe(false);
  });

  it('matches nothing where there is no hash', async () => {
    await expect(hasher.matches('', null)).resolves.toBe(false);
    await expect(hasher.matches(PASSWORD, null)).resolves.toBe(false);
  });

  it('does not begin when it is called off', async () => {
    const callOff = () => Promise.reject(new Error('called off'));

    await expect(hasher.matches(PASSWORD, BCRYPT, callOff)).rejects.toThrow('called off');
    await expect(hasher.hash(PASSWORD, callOff)).rejects.toThrow('called off');
    await expect(hasher.matches(PASSWORD, BCRYPT)).resolves.toBe(true);
  });
});
