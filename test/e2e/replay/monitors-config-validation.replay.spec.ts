import { findMonitorType } from '@app/checkers';
import { useApi } from '../../support/api';
import { useIdleEngine } from '../../support/idle';
import { replay } from '../../support/replay';
import type { Exchange } from '../../support/replay';
import { BAD_REQUEST, withResponse } from '../../support/replay-rules';

const typeOf = ({ request }: Exchange) => (request.body as { type: string }).type;

describe('monitors-config-validation.json', () => {
  const api = useApi();
  useIdleEngine(api.app);

  replay('monitors-config-validation.json', {
    server: api.app,
    placeholders: { '<access>': () => api.accessToken() },
    additions: ['notification_ids', 'tag_ids'],
    rules: [
      {
        why: 'this type comes later: unknown until then',
        applies: (exchange) => findMonitorType(typeOf(exchange)) === null,
        change: (exchange) => {
          const message = `Invalid monitor configuration: executor not found for monitor type: ${typeOf(exchange)}`;
          return withResponse(exchange, { status: 400, body: { message, data: null } });
        },
      },
    ],
    cases: {
      'create: config absent': {
        why: 'ours: named like the other fields',
        response: { body: BAD_REQUEST },
      },
      'create: config accepted_statuscodes empty list (accepted)': {
        why: 'ours: refused, because such a monitor could never be up',
        response: { status: 400, body: BAD_REQUEST },
      },
    },
  });
});
