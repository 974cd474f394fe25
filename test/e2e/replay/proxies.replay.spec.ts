import { useApi } from '../../support/api';
import { useIdleEngine } from '../../support/idle';
import { useKey } from '../../support/keys';
import { replay } from '../../support/replay';
import type { Case, Exchange } from '../../support/replay';
import { BAD_REQUEST, NULL_BODY, dataWith, unknownId } from '../../support/replay-rules';

const FIRST = '147d4cf4-bde7-4a5d-8731-c39976f20f2a';
const CREATED = '2026-11-23T23:50:31.47664Z';

/** The stored row in place of an echo of the input. */
const storedRow: Case = {
  why: 'ours: the stored row',
  response: dataWith({ id: FIRST, createdDate: CREATED }),
};
const withoutCredentials = ({ body }: Exchange['response']) => {
  const { message, data } = body as { message: string; data: Record<string, unknown> };
  const { username: _, password: __, ...rest } = data;
  return { body: { message, data: { ...rest, auth: false } } };
};
const refused: Case = { why: 'ours: the rules of create', response: { status: 400, body: BAD_REQUEST } };
const unchanged: Case = {
  why: 'ours: nothing of it was stored',
  response: dataWith({ protocol: 'socks5', host: 'patched.acme.test', port: 1080, auth: false }),
};

describe('proxies.json', () => {
  const api = useApi();
  useIdleEngine(api.app);

  replay('proxies.json', {
    server: api.app,
    placeholders: { '<access>': () => api.accessToken(), '<key>': useKey(api) },
    rules: [NULL_BODY, unknownId('Proxy not found')],
    cases: {
      'list: q with wildcard': {
        why: 'ours: a literal match',
        response: ({ body }) => ({ body: { ...(body as object), data: [] } }),
      },
      'put: full': storedRow,
      'put: auth off without credentials': storedRow,
      'put: auth off with empty credentials': storedRow,
      'get after switching auth off': { why: 'ours: no credentials left', response: withoutCredentials },
      'patch: auth on without credentials': refused,
      'patch: unknown protocol, port 99999, empty host': refused,
      'get after the invalid patch': unchanged,
      'patch: null body': unchanged,
    },
  });
});
