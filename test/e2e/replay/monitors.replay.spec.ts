import { useApi } from '../../support/api';
import { useIdleEngine } from '../../support/idle';
import { pushBody, webhookBody } from '../../support/monitors';
import { useKey } from '../../support/keys';
import { replay } from '../../support/replay';
import type { Case } from '../../support/replay';
import { BAD_REQUEST, NULL_BODY, dataWith, replaced, unknownId } from '../../support/replay-rules';

const CHANNELS = [
  '6083a088-eff8-43c5-82c8-d911bc599c72',
  '7c9e18c1-3ba1-47d3-a9c0-d15ef926995c',
  '04811aea-d221-4929-937e-722206a16b56',
];
const TAGS = ['0fa9d946-d56e-46d3-965c-73727eb8e234', '401ecbaf-dbb6-4568-9d5c-3c4b4dbc4fc3'];
const FIRST = '41a9806e-1f47-4f74-9c90-dd93935e01aa';
const DUP_TAG = '24f39b86-8f93-4434-b8aa-47dbfa682751';
const SOME_ID = '00000000-0000-4000-8000-000000000001';
const TIMES = { created_at: '2026-11-23T23:33:28Z', updated_at: '2026-11-23T23:33:28Z' };

const HTTP_CONFIG =
  '{"url":"http://127.0.0.1:9410/","method":"GET","headers":"","encoding":"json","body":"","accepted_statuscodes":["2XX"],"max_redirects":10,"ignore_tls_errors":false,"check_cert_expiry":true,"authMethod":"none"}';
const TCP_CONFIG = '{"host":"127.0.0.1","port":9413}';

const stored = (values: object) => ({
  id: FIRST,
  type: 'tcp',
  name: 'Mail relay',
  interval: 60,
  timeout: 16,
  max_retries: 3,
  retry_interval: 60,
  resend_interval: 10,
  active: true,
  status: 1,
  config: TCP_CONFIG,
  proxy_id: '',
  push_token: '',
  ...TIMES,
  ...values,
});
const made = (why: string, values: object): Case => ({
  why,
  response: { status: 201, body: { message: 'Monitor created successfully', data: stored(values) } },
});
const replacedBy = (why: string, values: object): Case => ({
  why,
  response: { status: 200, body: { message: 'Monitor updated successfully', data: stored(values) } },
});
const refused = (why: string): Case => ({ why, response: { status: 400, body: BAD_REQUEST } });
const listed = (why: string, data: object[]): Case => ({ why, response: { body: { message: 'success', data } } });
const lists = (notifications: number[], tags: number[]) => ({
  notification_ids: notifications.map((i) => CHANNELS[i]),
  tag_ids: tags.map((i) => TAGS[i]),
});
const detail = (why: string, values: object): Case => ({ why, response: dataWith(values) });

const NOTHING_STORED = 'ours: 400, nothing stored';
const NOTHING_CHANGED = 'ours: 400, nothing changed';
const SAME_BOUNDS = 'ours: 400, the bounds of create';
const NOTIFICATIONS_OPTIONAL = 'ours: no list is an empty one';
const RENAMED = { name: 'Shop front (new)', interval: 120 };
const PAUSED = stored({ id: '9dfc597b-d570-46ee-85d7-14377be99a5b', name: 'Paused one', active: false });

describe('monitors.json', () => {
  const api = useApi();
  useIdleEngine(api.app); // nothing is checked, so nothing changes its status
  const known: Record<string, string> = {};

  beforeAll(async () => {
    for (const recorded of CHANNELS) {
      known[recorded] = (await api.post('/notification-channels', webhookBody('http://127.0.0.1:9/'))).body.data.id;
    }
    for (const recorded of TAGS) {
      known[recorded] = (await api.post('/tags', { name: recorded, color: '#fff' })).body.data.id;
    }
  });

  const find = async (name: string) => {
    const { body } = await api.get(`/monitors?q=${encodeURIComponent(name)}`);
    return body.data[0].id as string;
  };

  const cases: Record<string, Case> = {
    'get detail of it (relation ids come back reversed, push_token empty, whole seconds)': detail(
      'ours: in the order sent, with the token',
      { ...lists([0, 1, 2], [0, 1]), push_token: 'recordtoken1' },
    ),
    'create with active false (SQL stores true)': detail('ours: false is stored', { active: false }),
    'get detail of the active:false monitor': detail('ours: false is stored', { active: false }),
    'create a second monitor with the same push token (accepted)': refused('ours: a push token is unique'),
    'create: name 151 characters (SQLite stores it)': refused('ours: 400 on every database'),
    'create: notification_ids absent': made(NOTIFICATIONS_OPTIONAL, { id: SOME_ID }),
    'create: notification_ids null': made(NOTIFICATIONS_OPTIONAL, { id: SOME_ID.replace('1', '2') }),
    'create: unknown proxy id': refused(NOTHING_STORED),
    'create: malformed proxy id': refused(NOTHING_STORED),
    'create: unknown notification id': refused(NOTHING_STORED),
    'create: duplicate notification ids': made('ours: each once', {
      id: SOME_ID.replace('1', '3'),
      name: 'dup channel',
    }),
    'create: unknown tag id': refused(NOTHING_STORED),
    'create: duplicate tag ids': made('ours: each once', { id: DUP_TAG, name: 'dup tag' }),
    'get upper-case id': {
      why: 'ours: ids match in any letter case',
      request: async () => ({ path: `/api/v1/monitors/${(await find('Shop front')).toUpperCase()}` }),
      response: {
        status: 200,
        body: {
          message: 'success',
          data: stored({
            type: 'http',
            name: 'Shop front',
            config: HTTP_CONFIG,
            push_token: 'recordtoken1',
            ...lists([0, 1, 2], [0, 1]),
          }),
        },
      },
    },
    'get after put': detail('ours: with the token', { push_token: 'rot' }),
    'put without notification_ids': replacedBy(NOTIFICATIONS_OPTIONAL, RENAMED),
    'put unknown id': {
      why: 'ours: the text of GET',
      response: { body: { message: 'Monitor not found', data: null } },
    },
    'put malformed id': {
      why: 'ours: the text of GET',
      response: { body: { message: 'Monitor not found', data: null } },
    },
    'put unknown notification id': refused(NOTHING_CHANGED),
    'get after the failed put (row already changed)': detail(NOTHING_CHANGED, lists([], [])),
    'put duplicate tag ids': replacedBy('ours: each once', RENAMED),
    'put unknown proxy': refused(NOTHING_CHANGED),
    'get after patching relations': detail('ours: in the order sent, with the token', {
      ...lists([0, 2], [0]),
      push_token: 'pt',
    }),
    'get after patching empty relations': detail('ours: [] empties', { ...lists([], []), push_token: 'pt' }),
    'patch unknown proxy': refused(NOTHING_CHANGED),
    'patch name empty': refused(SAME_BOUNDS),
    'patch interval 1, timeout 9999': refused(SAME_BOUNDS),
    'patch status 0': detail('ours: status is not for clients to write', { status: 1 }),
    'patch config alone unchecked': refused('ours: checked against the type it has'),
    'patch type alone unchecked': refused('ours: checked with the config it has'),
    'patch unknown notification id (only logged)': refused(NOTHING_CHANGED),
    'get after patching an unknown notification id': detail('ours: emptied before', lists([], [])),
    'list default (data trimmed from 10 to 5 items)': {
      why: 'after a monitor of another recording',
      before: async () => {
        const body = pushBody('abc', { name: 'cfg push', timeout: 16, retry_interval: 60, push_token: '' });
        await api.post('/monitors', body);
      },
    },
    'list q with underscore wildcard': listed('ours: a literal match', []),
    'list q percent wildcard': listed('ours: a literal match', []),
    'list active=false': listed('ours: false is stored', [PAUSED]),
    'list status=0': listed('nothing is checked, so nothing is down', []),
    'list one tag': {
      why: 'ours had emptied the tags of one',
      before: async () => {
        await api.patch(`/monitors/${await find('Patched')}`, { tag_ids: [known[TAGS[0]!]] });
      },
    },
    'batch reversed order': {
      why: 'ours: in the order asked for',
      response: ({ body }) => {
        const { message, data } = body as { message: string; data: object[] };
        return { body: { message, data: [...data].reverse() } };
      },
    },
    'batch blanks are not trimmed': {
      why: 'ours: trimmed',
      response: {
        body: {
          message: 'success',
          data: [stored({ name: 'Patched', max_retries: 0, retry_interval: 40, resend_interval: 0 })],
        },
      },
    },
  };

  replay('monitors.json', {
    server: api.app,
    placeholders: { '<access>': () => api.accessToken(), '<key>': useKey(api) },
    known: () => known,
    additions: ['notification_ids', 'tag_ids'],
    rules: [
      NULL_BODY,
      unknownId('Monitor not found'),
      replaced('proxies come later: without one', '4907948f-f0d2-4fac-a2ab-298777e29079', ''),
    ],
    cases,
  });
});
