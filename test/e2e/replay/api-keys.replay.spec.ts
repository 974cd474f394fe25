import { SECOND } from '@app/core';
import { useApi } from '../../support/api';
import { FakeClock } from '../../support/clock';
import { createKey } from '../../support/keys';
import { replay } from '../../support/replay';
import type { Case, Rule } from '../../support/replay';
import { withResponse } from '../../support/replay-rules';

/** As the recorded system displayed every key. */
const DISPLAY_KEY = 'pk_eyJpZ...In0=';

const DISPLAYED: Rule = {
  why: 'ours: the display form tells keys apart',
  applies: ({ response }) => JSON.stringify(response.body ?? null).includes(DISPLAY_KEY),
  change: (exchange) => withResponse(exchange, { body: withoutDisplayKey(exchange.response.body) }),
};

function withoutDisplayKey(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (key, value: unknown) => (key === 'display_key' ? undefined : value));
}

describe('api-keys.json', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  let key = '';
  let limited = '';
  let expired = { id: '', token: '' };

  const cases: Record<string, Case> = {
    'create with every field': {
      why: 'the key of the exchanges that use one with a maximum',
      after: ({ body }) => {
        limited = body.data.token as string;
      },
    },
    'create with the name only': {
      why: 'the key of the exchanges that use one',
      before: () => clock.advance(SECOND),
      after: ({ body }) => {
        key = body.data.token as string;
      },
    },
    'create: max_usage_count above 32 bits': {
      why: 'ours: one bound on every database, so created with the largest',
      request: { body: { name: 'big', max_usage_count: 2 ** 31 - 1 } },
      response: ({ body }) => withMaximum(body),
    },
    'list (data trimmed from 9 to 5 items)': {
      why: 'ours: another maximum',
      response: ({ body }) => withMaximum(body),
    },
    'list with pagination parameters (ignored) (data trimmed from 9 to 5 items)': {
      why: 'ours: another maximum',
      response: ({ body }) => withMaximum(body),
    },
    'put null (unchanged)': {
      why: 'ours: null removes expiry and maximum, so only the name is null',
      request: { body: { name: null } },
    },
    'use 1 of 3': {
      why: 'with the tag that the recorded system had',
      before: async () => {
        await api.post('/tags', { name: 'rec-mon-a-1795476697075', color: '#111111' });
      },
    },
    'use of an expired key': {
      why: 'the key is made, and the clock moved',
      before: async () => {
        const expires_at = new Date(clock.now() + SECOND).toISOString();
        expired = await createKey(api.app, api, { name: 'short', expires_at });
        clock.advance(2 * SECOND);
      },
    },
    'get of an expired key': { why: 'by our id', request: () => ({ path: `/api/v1/api-keys/${expired.id}` }) },
    'list when there is no key': {
      why: 'the keys are deleted one by one',
      before: async () => {
        const { data } = (await api.get('/api-keys')).body;
        for (const { id } of data as { id: string }[]) await api.delete(`/api-keys/${id}`);
      },
    },
  };

  replay('api-keys.json', {
    server: api.app,
    placeholders: {
      '<access>': () => api.accessToken(),
      '<key>': () => key,
      '<deleted key>': () => key,
      '<expired key>': () => expired.token,
      '<key with max_usage_count 3>': () => limited,
      '<same key, max_usage_count now 5>': () => limited,
      '<same key, max_usage_count now 1>': () => limited,
    },
    additions: ['role', 'user_id', 'display_key'],
    rules: [DISPLAYED],
    cases,
  });
});

function withMaximum(body: unknown): { body: unknown } {
  const change = (_: string, value: unknown) => (value === 2 ** 32 ? 2 ** 31 - 1 : value);
  return { body: JSON.parse(JSON.stringify(withoutDisplayKey(body)), change) };
}
