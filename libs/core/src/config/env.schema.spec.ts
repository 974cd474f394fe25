import { StartupError } from '../errors';
import { parseDuration } from './duration';
import { loadEnv } from './env.schema';

describe('loadEnv', () => {
  it('takes the defaults when nothing is set, empty variables included', () => {
    const env = loadEnv({ SERVER_PORT: '' });

    expect(env).toMatchObject({ SERVER_PORT: 8034, DB_TYPE: 'sqlite', BRUTEFORCE_WINDOW: 60_000, SWAGGER: true });
    expect(env.CLIENT_URL).toEqual(['http://localhost:3000']);
  });

  it.each([
    [{ DB_TYPE: 'SQLite' }, { DB_TYPE: 'sqlite' }],
    [{ LOG_LEVEL: 'WARN' }, { LOG_LEVEL: 'warn' }],
    [{ CLIENT_URL: 'https://A.example/, http://b:8080' }, { CLIENT_URL: ['https://a.example', 'http://b:8080'] }],
    [{ BRUTEFORCE_LOCKOUT: '1h30m' }, { BRUTEFORCE_LOCKOUT: 5_400_000 }],
  ])('reads %j', (source, expected) => {
    expect(loadEnv(source)).toMatchObject(expected);
  });

  it.each([
    ['SERVER_PORT', '0'],
    ['SERVER_PORT', '70000'],
    ['SERVER_PORT', 'abc'],
    ['QUEUE_CONCURRENCY', '1.5'],
    ['QUEUE_CONCURRENCY', '0'],
    ['BRUTEFORCE_WINDOW', '60'],
    ['BRUTEFORCE_WINDOW', '0s'],
    ['BRUTEFORCE_LOCKOUT', '1d'],
    ['CLIENT_URL', 'nope'],
    ['CLIENT_URL', 'ftp://x'],
    ['DB_TYPE', 'oracle'],
    ['MODE', 'production'],
    ['TZ', 'Mars/Olympus'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => loadEnv({ [name]: value })).toThrow(new RegExp(`^Invalid configuration: ${name} must be`));
  });

  it('names every bad variable at once', () => {
    expect(() => loadEnv({ SERVER_PORT: 'x', TZ: 'x' })).toThrow(StartupError);
    expect(() => loadEnv({ SERVER_PORT: 'x', TZ: 'x' })).toThrow(/SERVER_PORT .*; TZ /);
  });
});

describe('parseDuration', () => {
  it.each([
    ['1m', 60_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['-1s', -1000],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(['', '60', '1d', 'm', '1m 2s', '1h-30m'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});
