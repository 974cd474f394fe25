import { HOUR } from '@app/core';
import { useApi } from '../../support/api';
import { FakeClock } from '../../support/clock';
import { useKey } from '../../support/keys';
import { replay } from '../../support/replay';
import type { Case } from '../../support/replay';
import { NULL_BODY, unknownId } from '../../support/replay-rules';

const RECORDED_HOST = '127.0.0.1:8051';
const LATER = /^\/api\/v1\/(proxies|status-pages)(?:[/?]|$)/;
const NAMES: Record<string, string> = {
  maintenances: 'Maintenance',
  'notification-channels': 'Notification',
  tags: 'Tag',
};
const NOT_FOUND = { message: 'Not found', data: null };

const ok = (why: string): Case => ({ why, response: { body: { status: 'ok', timestamp: '2026-11-23T23:33:03Z' } } });
const notFound = (why: string): Case => ({ why, response: { status: 404, body: NOT_FOUND } });

describe('conventions.json', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  let expired = '';
  let refresh = '';

  beforeAll(async () => {
    expired = api.accessToken();
    clock.advance(HOUR);
    await api.renew();
    refresh = api.refreshToken();
  });

  const cases: Record<string, Case> = {
    health: ok('ours: with the time'),
    'health alias': ok('ours: with the time'),
    'readiness does not exist': { why: 'ours: it does, see health.e2e', skip: true },
    'unrouted: HEAD': { why: 'without a body' },
    'malformed percent-escape in the path': notFound('ours: 404 in the envelope'),
    'CORS: simple request': ok('ours: with the time'),
    'CORS: Origin null': ok('ours: with the time'),
    'CORS: Origin without scheme': ok('ours: with the time'),
    'CORS: same origin': ok('ours: with the time'),
    'CORS: same host over https': ok('ours: with the time'),
    'API document: /swagger/': notFound('ours: in the envelope'),
    'API document: /swagger/nope': notFound('ours: in the envelope'),
    'unrouted: PUT on a status page': { why: 'without status pages nothing else is' },
    'id: very long': { why: 'spelt out', request: { path: `/api/v1/tags/${'a'.repeat(2000)}` } },
  };

  replay('conventions.json', {
    server: api.app,
    placeholders: {
      '<access>': () => api.accessToken(),
      '<refresh>': () => refresh,
      '<expired access token>': () => expired,
      '<key>': useKey(api),
    },
    known: () => ({ [RECORDED_HOST]: new URL(api.app.url).host }),
    rules: [
      {
        why: 'this resource comes later; the same rules are tried on tags in conventions.e2e',
        applies: ({ request }) => LATER.test(request.path),
        skip: true,
      },
      NULL_BODY,
      {
        ...unknownId(''),
        change: (exchange) => {
          const [, resource = ''] = /^\/api\/v1\/([a-z-]+)/.exec(exchange.request.path) ?? [];
          return unknownId(`${NAMES[resource]} not found`).change!(exchange);
        },
      },
    ],
    cases,
  });
});
