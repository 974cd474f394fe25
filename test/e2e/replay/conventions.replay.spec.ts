import { HOUR } from '@app/core';
import { useApi } from '../../support/api';
import { FakeClock } from '../../support/clock';
import { useKey } from '../../support/keys';
import { loadExchanges, replay } from '../../support/replay';
import type { Case, Rule } from '../../support/replay';
import { NULL_BODY, unknownId, withResponse } from '../../support/replay-rules';

const RECORDED_HOST = '127.0.0.1:8051';
const LATER = /^\/api\/v1\/(status-pages)(?:[/?]|$)/;
const NAMES: Record<string, string> = {
  maintenances: 'Maintenance',
  'notification-channels': 'Notification',
  proxies: 'Proxy',
  tags: 'Tag',
};
const NOT_FOUND = { message: 'Not found', data: null };

/** The recorded system had stored what was sent last, too. */
const SHORTER: Rule = {
  why: 'ours: bodies above 1 MiB are refused',
  applies: ({ name, response }) => name.startsWith('paging: ') && name.includes(' trimmed ') && response.status === 200,
  change: (exchange) => {
    const { message, data } = exchange.response.body as { message: string; data: object[] };
    return withResponse(exchange, { body: { message, data: data.slice(1) } });
  },
};
/** JSON has one kind of numbers. */
const SAME_NUMBER: Case = { why: 'ours: 80.0 is 80', skip: true };

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
    'body: 80.0 for an integer': SAME_NUMBER,
    'body: exponent for an integer': SAME_NUMBER,
    'body: 2 MiB of unknown key': {
      why: 'spelt out; ours: 413',
      request: { body_text: JSON.stringify({ pad: 'x'.repeat(2 * 1024 * 1024) }) },
      response: { status: 413, body: { message: 'The request body is larger than 1 MiB', data: null } },
    },
    'paging: page=9223372036854775807 (data trimmed to 5 of 8)': {
      why: 'ours: an empty page is []',
      response: { body: { message: 'success', data: [] } },
    },
    'paging: limit=1': {
      why: 'ours: bodies above 1 MiB are refused, so another one is the newest',
      response: () => ({ body: { message: 'success', data: [lastStored()] } }),
    },
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
      SHORTER,
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

/** The proxy that was made last, as recorded. */
function lastStored(): object {
  const exchange = loadExchanges('conventions.json')!.find(({ name }) => name === 'body: lone surrogate and NUL')!;
  return (exchange.response.body as { data: object }).data;
}
