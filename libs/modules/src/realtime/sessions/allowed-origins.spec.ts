import { loadEnv } from '@app/core';
import { Config } from '@app/platform';
import { AllowedOrigins } from './allowed-origins';

describe('AllowedOrigins', () => {
  const env = loadEnv({ CLIENT_URL: 'https://status.acme.test, http://localhost:3000' });
  const origins = new AllowedOrigins(new Config(env));
  const host = 'api.acme.test:8034';

  it.each([
    [undefined, true],
    ['https://status.acme.test', true],
    ['HTTPS://Status.Acme.test', true],
    ['http://localhost:3000', true],
    ['http://api.acme.test:8034', true],
    ['https://api.acme.test:8034', true],
    ['http://status.acme.test', false],
    ['https://status.acme.test.evil.test', false],
    ['http://api.acme.test', false],
    ['null', false],
    ['', false],
    ['garbage', false],
  ])('of %s: %s', (origin, isAllowed) => {
    expect(origins.allows({ origin, host })).toBe(isAllowed);
  });
});
