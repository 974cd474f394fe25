import { useApi } from '../../support/api';
import { useIdleEngine } from '../../support/idle';
import { useKey } from '../../support/keys';
import { monitorBody } from '../../support/monitors';
import { loadExchanges, replay } from '../../support/replay';
import type { Case, Exchange, Rule } from '../../support/replay';
import { BAD_REQUEST, NULL_BODY, dataWith, unknownId, withResponse } from '../../support/replay-rules';

interface Row {
  title: string;
  start_date_time?: string;
}

/** What the recorded system stored and we refuse. */
const UNSTORED = new Set(['Cron bad', 'TZ', 'Rev', 'dom99', 'no end', 'Unknown monitor', 'Malformed monitor']);
const isStored = ({ title, start_date_time }: Row) => !UNSTORED.has(title) && start_date_time !== '2026-02-01T9:05';
const NOT_FOUND = { message: 'Maintenance not found', data: null };

/** 500 without a reason, or 201 for what can never work. */
const REFUSED: Rule = {
  why: 'ours: 400 with a reason',
  applies: ({ ours, response }) => /^400/.test(ours ?? '') && response.status !== 400 && Boolean(response.body),
  change: (exchange) => withResponse(exchange, { status: 400, body: BAD_REQUEST }),
};
const CRASHED: Rule = {
  why: 'ours: 404 for an unknown id',
  applies: ({ ours }) => /^404 "Maint|^404\.$/.test(ours ?? ''),
  change: (exchange) => withResponse(exchange, { status: 404, body: NOT_FOUND }),
};

/** Lists are asked for in one page: ours is shorter by what we refused. */
function listed(rows: (all: Row[]) => Row[]): Case {
  return {
    why: 'ours: what was refused is not there',
    response: ({ body }: Exchange['response']) => {
      const { message, data } = body as { message: string; data: Row[] };
      return { body: { message, data: rows(data.filter(isStored)) } };
    },
  };
}

describe('maintenances.json', () => {
  const api = useApi();
  useIdleEngine(api.app);
  const monitors: Record<string, string> = {};

  beforeAll(async () => {
    const recorded = loadExchanges('maintenances.json')?.find(({ name }) => name === 'create: every field');
    const ids = (recorded?.request.body as { monitor_ids: string[] } | undefined)?.monitor_ids ?? [];
    for (const id of ids) monitors[id] = (await api.post('/monitors', monitorBody())).body.data.id as string;
  });

  const ordered = (of: string): Case => ({
    why: 'ours: monitors in the order sent',
    response: dataWith({ monitor_ids: idsOf(of) }),
  });
  const putAndStored = (values: object): Case => ({ why: 'ours: what was sent', response: dataWith(values) });

  const cases: Record<string, Case> = {
    'create: manual, active false': putAndStored({ active: false }),
    'get: single, with monitors': ordered('create: single, with monitors'),
    'get: every field': ordered('create: every field'),
    'get: after patch of monitor_ids': ordered('patch: monitor_ids'),
    'create: cron, duration derived from times': {
      why: 'ours: 400 with a reason',
      response: { status: 400, body: BAD_REQUEST },
    },
    'patch: weekdays empty': {
      why: 'ours: the strategy needs at least one day',
      response: { status: 400, body: BAD_REQUEST },
    },
    'create: duplicate monitor id': {
      why: 'ours: the duplicate is ignored',
      response: {
        status: 201,
        body: {
          message: 'Maintenance created successfully',
          data: {
            id: '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d13',
            title: 'Duplicate monitor',
            description: '',
            active: true,
            strategy: 'manual',
            created_at: '2026-11-23T23:36:17.666109Z',
            updated_at: '2026-11-23T23:36:17.666109Z',
          },
        },
      },
    },
    'list: q finds what failed after the insert': listed((rows) => rows),
    'list (data trimmed to 5 of 10)': { ...listed((rows) => rows), request: { path: '/api/v1/maintenances?limit=2' } },
    'list: limit 2, page 1': {
      why: 'ours: what was refused is not there; page 0',
      request: { path: '/api/v1/maintenances?limit=1' },
      response: ({ body }) => ({ body: { ...(body as object), data: [{ ...BY_KEY }] } }),
    },
    'list: strategy': listed((rows) => rows),
    'put: single to other dates, active false': putAndStored({ active: false }),
    'get: after put': putAndStored({ active: false, description: '' }),
    'get: after put to manual': {
      why: 'ours: fields of the former strategy are cleared',
      response: ({ body }) => {
        const { message, data } = body as { message: string; data: Record<string, unknown> };
        const { id, description, active, strategy, created_at, updated_at, monitor_ids, title } = data;
        return {
          body: { message, data: { id, title, description, active, strategy, created_at, updated_at, monitor_ids } },
        };
      },
    },
    'get: after one linked monitor was deleted': {
      why: 'deleted now',
      before: async () => {
        const exchange = loadExchanges('maintenances.json')!.find(({ name }) => name === 'create: every field')!;
        const left = loadExchanges('maintenances.json')!.find(({ name }) => name.startsWith('get: after one linked'))!;
        const kept = (left.response.body as { data: { monitor_ids: string[] } }).data.monitor_ids;
        const all = (exchange.request.body as { monitor_ids: string[] }).monitor_ids;
        for (const id of all.filter((one) => !kept.includes(one))) await api.delete(`/monitors/${monitors[id]}`);
      },
      response: ({ body }) => {
        const { message, data } = body as { message: string; data: { monitor_ids: string[] } };
        const order = idsOf('create: every field');
        return {
          body: {
            message,
            data: { ...data, monitor_ids: order.filter((id) => data.monitor_ids.includes(id)) },
          },
        };
      },
    },
  };

  replay('maintenances.json', {
    server: api.app,
    placeholders: { '<access>': () => api.accessToken(), '<key>': useKey(api) },
    additions: ['active_now'],
    rules: [NULL_BODY, unknownId('Maintenance not found'), CRASHED, REFUSED],
    cases,
    known: () => monitors,
  });
});

/** The recording's fixed row. */
const BY_KEY = {
  id: 'c507da92-d5e9-4954-82bb-c21834f6fc49',
  title: 'By key',
  description: '',
  active: true,
  strategy: 'manual',
  created_at: '2026-11-23T23:36:17.781886Z',
  updated_at: '2026-11-23T23:36:17.781886Z',
};

function idsOf(name: string): string[] {
  const exchange = loadExchanges('maintenances.json')?.find((one) => one.name === name);
  return (exchange?.request.body as { monitor_ids: string[] } | undefined)?.monitor_ids ?? [];
}
