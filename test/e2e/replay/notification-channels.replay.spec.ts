import { findNotifier } from '@app/notifiers';
import { useApi } from '../../support/api';
import { useKey } from '../../support/keys';
import { loadExchanges, replay } from '../../support/replay';
import type { Case, Rule } from '../../support/replay';
import { BAD_REQUEST, NULL_BODY, dataWith, unknownId, withResponse } from '../../support/replay-rules';
import { HttpSink } from '../../support/sinks/http-sink';
import { closedPort } from '../../support/targets';

const FILE = 'notification-channels.json';
const UPDATED = 'notification updated successfully';
const FAILED = 'Failed to send test notification: ';
const UNSUPPORTED = { message: 'Unsupported notification type', data: null };

const HOOK = '{"webhook_url":"http://127.0.0.1:9450/hook","webhook_content_type":"json"}';
const SMTP_PORT_AS_TEXT =
  '{"smtp_secure":false,"smtp_host":"mail.acme.test","smtp_port":"465","username":"u","password":"p","from":"a@acme.test","to":"b@acme.test","cc":"","bcc":"","custom_subject":"{{ msg }}","custom_body":""}';

const REFUSED = 'dial tcp 127.0.0.1:9479: connect: connection refused';

interface Recorded {
  id: string;
  name: string;
}

/** What the recorded system stored. */
function recorded(name: string): Recorded {
  const exchange = loadExchanges(FILE)!.find((candidate) => candidate.name === name)!;
  return (exchange.response.body as { data: Recorded }).data;
}
const created = (type: string) => recorded(`create: type ${type}`);

const LATER_PROVIDER: Rule = {
  why: 'this provider comes later: unknown until then',
  applies: ({ request: { method, body } }) => {
    const { type } = (body ?? {}) as { type?: unknown };
    return method !== 'PATCH' && typeof type === 'string' && findNotifier(type) === null;
  },
  change: (exchange) => withResponse(exchange, { status: 400, body: UNSUPPORTED }),
};

/** A test message that is not delivered, in the recorded words. */
const UNPROCESSABLE: Rule = {
  why: 'ours: 422',
  applies: ({ ours }) => /^422/.test(ours ?? ''),
  change: (exchange) => withResponse(exchange, { status: 422 }),
};

const listed = (why: string, data: () => object[]): Case => ({
  why,
  response: () => ({ body: { message: 'success', data: data() } }),
});
const answered = (why: string, data: () => object, message = 'success'): Case => ({
  why,
  response: () => ({ status: 200, body: { message, data: data() } }),
});
const refused = (why: string): Case => ({ why, response: { status: 400, body: BAD_REQUEST } });
const undelivered = (message: string): Case => ({
  why: 'in our words, without secrets',
  response: { status: 422, body: { message: FAILED + message, data: null } },
});

describe(FILE, () => {
  const api = useApi();
  const known: Record<string, string> = {};
  let sink: HttpSink;

  beforeAll(async () => {
    sink = await HttpSink.start();
    known['127.0.0.1:9450'] = `127.0.0.1:${sink.port}`;
    const nobody = await closedPort();
    known['127.0.0.1:9479'] = `127.0.0.1:${nobody}`;
    known['"smtp_port\\":9479'] = `"smtp_port\\":${nobody}`;
  });
  afterAll(() => sink.stop());

  const targetAnswers = (status: number): Case => ({
    why: 'our target is told to',
    before: () => void sink.answers.push({ status, body: `{"error":"target says ${status}"}` }),
  });
  const oursAre = 'only providers that exist so far';
  const numericText = () => ({ ...created('smtp'), id: created('gotify').id, name: 'x', config: SMTP_PORT_AS_TEXT });
  /** Newest first, when the recorded lists were asked for. */
  const all = () => [
    created('ntfy'),
    created('slack'),
    created('webhook'),
    created('telegram'),
    numericText(),
    created('smtp'),
  ];
  /** The recorded channel was of a provider that comes later. */
  const of = (type: string, values: object): Case => ({
    ...answered(`on a channel of type ${type}`, () => ({ ...created(type), ...values }), UPDATED),
    request: () => ({ path: `/api/v1/notification-channels/${created(type).id}` }),
  });
  const terraform = { name: 'TF', type: 'webhook', config: HOOK.replace('/hook', '/mm') };

  const cases: Record<string, Case> = {
    'create: type smtp, port as a string': {
      why: 'ours: numeric text is a number',
      response: () => ({ status: 201, body: { message: 'Notification created successfully', data: numericText() } }),
    },
    'create: type webhook, content type custom without body': refused('ours: the faults of all fields at once'),
    'create: type webhook, URL of another scheme': refused('ours: only http and https'),
    'list (data trimmed to 5 of 10)': listed(oursAre, () => all().slice(0, 5)),
    'list: limit 20 (data trimmed to 5 of 20)': listed(oursAre, () => all().slice(0, 5)),
    'list: limit 2, page 1': listed(oursAre, () => all().slice(2, 4)),
    'list: q': {
      ...listed(oursAre, () => [created('ntfy')]),
      request: { path: '/api/v1/notification-channels?q=ntfy' },
    },
    'list: q in capitals': {
      ...listed(oursAre, () => [created('ntfy')]),
      request: { path: '/api/v1/notification-channels?q=NTFY' },
    },
    'list: q wildcard': listed('ours: a literal match', () => []),
    'create: active false, is_default true': { why: 'ours: false is stored', response: dataWith({ active: false }) },
    'create: config with unknown keys, capitals and odd spacing': refused('ours: unknown keys are refused'),
    'create: config not JSON': refused('the parser says it in its own words'),
    'get: odd spacing': {
      why: 'ours: was refused',
      response: { status: 404, body: { message: 'Notification not found', data: null } },
    },
    'put: active false, is_default false on a default channel': {
      why: 'ours: false and "" are stored',
      response: dataWith({ active: false, is_default: false, name: '' }),
    },
    'get: after put of false': {
      why: 'ours: false and "" are stored',
      response: dataWith({ active: false, is_default: false, name: '' }),
    },
    'get: after put of unknown type': answered('ours: unchanged', () => created('slack')),
    'get: after put without config': {
      ...answered('ours: unchanged; of a provider that exists', () => created('slack')),
      request: () => ({ path: `/api/v1/notification-channels/${created('slack').id}` }),
    },
    'put: null body': { why: 'ours: 400', response: { status: 400, body: UNSUPPORTED } },
    'get: after put of null': answered('ours: unchanged', () => created('ntfy')),
    'patch: name, type, config (Terraform)': {
      ...of('webhook', terraform),
      request: () => ({
        path: `/api/v1/notification-channels/${created('webhook').id}`,
        body: terraform,
      }),
    },
    'patch: name only': of('slack', { name: 'Only name' }),
    'get: after patch of the name': {
      ...answered('on a channel of type slack', () => ({ ...created('slack'), name: 'Only name' })),
      request: () => ({ path: `/api/v1/notification-channels/${created('slack').id}` }),
    },
    'patch: active true only': of('telegram', {}),
    'patch: empty object': of('ntfy', {}),
    'test: webhook custom, template error': undelivered(
      'failed to render custom body template: Liquid error: invalid value expression: "", line:1, col:6',
    ),
    'test: webhook custom, bad extra headers': refused('ours: refused with the config'),
    'test: webhook target answers 500': targetAnswers(500),
    'test: webhook target answers 302': targetAnswers(302),
    'test: slack target answers 404': targetAnswers(404),
    'test: webhook nothing listens': undelivered(`failed to send webhook request: ${REFUSED}`),
    'test: telegram, nothing listens': undelivered(`failed to send telegram message: ${REFUSED}`),
    'test: config with unknown keys': refused('ours: unknown keys are refused'),
  };

  replay(FILE, {
    server: api.app,
    placeholders: { '<access>': () => api.accessToken(), '<key>': useKey(api) },
    known: () => known,
    rules: [NULL_BODY, UNPROCESSABLE, unknownId('Notification not found'), LATER_PROVIDER],
    cases,
  });
});
