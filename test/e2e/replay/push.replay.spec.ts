import { useApi } from '../../support/api';
import { useIdleEngine } from '../../support/idle';
import { pushBody } from '../../support/monitors';
import { replay } from '../../support/replay';
import type { Case, Exchange } from '../../support/replay';
import { BAD_REQUEST, dataWith } from '../../support/replay-rules';

const ONE = '8f519f62-013b-41bb-9fee-1e63102b47d6';
const TWO = '31c0cafa-7fd5-465d-a29c-10646d8ba0b0';
const PAUSED = '0e73bf66-807e-4ab5-a6e8-ca628ae57751';

/** The recorded newest beat with other values. */
const beat = (why: string, values: object): Case => ({
  why,
  response: ({ body }) => {
    const { message, data } = body as { message: string; data: object[] };
    return { body: { message, data: [{ ...data[0], ...values }] } };
  },
});
const refused: Case = { why: 'ours: 400, nothing stored', response: { status: 400, body: BAD_REQUEST } };
const stillMaintenance = beat('ours: nothing was stored', { status: 3, msg: 'OK' });
const withoutFirst = ({ body }: Exchange['response']) => {
  const { message, data } = body as { message: string; data: object[] };
  const beats = data.slice(0, -1);
  return { body: { message, data: [...beats.slice(0, -1), { ...beats.at(-1), notified: false }] } };
};

describe('push.json', () => {
  const api = useApi();
  useIdleEngine(api.app);
  const known: Record<string, string> = {};

  beforeAll(async () => {
    const create = async (name: string, values: object = {}) => {
      const token = `recmwtwoduk${name}`;
      const body = { name, interval: 3600, timeout: 16, retry_interval: 60, ...values };
      return (await api.post('/monitors', pushBody(token, body))).body.data.id as string;
    };
    known[ONE] = await create('one');
    known[TWO] = await create('two', { max_retries: 2 });
    known[PAUSED] = await create('paused', { active: false });
    await create('tcp', { type: 'tcp', config: '{"host":"127.0.0.1","port":1}', active: false });
    await create('top', { config: '{"pushToken":"recmwtwodukinner"}' });
  });

  const accepted = { status: 200, body: { ok: 'true' } };
  const cases: Record<string, Case> = {
    'first heartbeat of a new push monitor (before any push)': {
      why: 'ours: none before one interval has passed',
      response: { body: { message: 'success', data: [] } },
    },
    'stored heartbeat after: without parameters': beat('ours: a first UP notifies nobody', { notified: false }),
    'stored heartbeat after: status=down (recorded as up)': beat('ours: down is down', {
      status: 0,
      retries: 1,
      important: true,
      notified: true,
    }),
    'stored heartbeat after: status=0': beat('ours: it was down already; ping is stored', {
      ping: 17,
      retries: 2,
      important: false,
      notified: false,
    }),
    'push status=7': refused,
    'stored heartbeat after: status=7': stillMaintenance,
    'push status=-1': refused,
    'stored heartbeat after: status=-1': stillMaintenance,
    'push status=%2B1': refused,
    'stored heartbeat after: status=%2B1': stillMaintenance,
    'push status=1.0': refused,
    'stored heartbeat after: status=1.0': stillMaintenance,
    'stored heartbeat after: ping=123.4': beat('ours: ping is stored', { ping: 123 }),
    'push by POST': { why: 'ours: accepted like GET', response: accepted },
    'push to a tcp monitor that has a push_token': {
      why: 'ours: only push monitors take pushes',
      response: { status: 404, body: { message: 'Monitor not found for pushToken', data: null } },
    },
    'heartbeats of that monitor': { why: 'ours: no beat at the start', response: withoutFirst },
    'monitor status after the pushes': {
      why: 'ours: with the token',
      response: dataWith({ push_token: 'recmwtwoduktwo' }),
    },
  };

  replay('push.json', {
    server: api.app,
    placeholders: { '<access>': () => api.accessToken() },
    known: () => known,
    cases,
  });
});
