import { useApi } from '../../support/api';
import { useIdleEngine } from '../../support/idle';
import { useKey } from '../../support/keys';
import { replay } from '../../support/replay';
import type { Rule } from '../../support/replay';
import { BAD_REQUEST, withResponse } from '../../support/replay-rules';

const REFUSED: Rule = {
  why: 'ours: the value has to fit',
  applies: ({ ours }) => /^400/.test(ours ?? ''),
  change: (exchange) => withResponse(exchange, { status: 400, body: BAD_REQUEST }),
};

describe('settings.json', () => {
  const api = useApi();
  useIdleEngine(api.app);

  replay('settings.json', {
    server: api.app,
    placeholders: { '<access>': () => api.accessToken(), '<key>': useKey(api) },
    rules: [REFUSED],
    cases: {
      'get: a token secret by API key': {
        why: 'ours: secrets are no settings',
        response: { status: 404, body: { message: 'Setting not found', data: null } },
      },
      'put: a token secret by API key': {
        why: 'ours: secrets are no settings',
        response: { status: 403, body: { message: 'Secrets of the instance cannot be changed here', data: null } },
      },
    },
  });
});
