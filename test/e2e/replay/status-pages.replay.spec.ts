import { MINUTE, Timeline } from '@app/core';
import type { Status } from '@app/core';
import { useApi } from '../../support/api';
import { FakeClock, NOON } from '../../support/clock';
import { useIdleEngine } from '../../support/idle';
import { useKey } from '../../support/keys';
import { pushBody } from '../../support/monitors';
import { loadExchanges, replay } from '../../support/replay';
import type { Case, Exchange, Rule } from '../../support/replay';
import { BAD_REQUEST, NULL_BODY, dataWith, withResponse } from '../../support/replay-rules';
import { sampleResult } from '../../support/samples';

const FILE = 'status-pages.json';
const MAIL = '5f546227-d3c2-43db-bc6f-3214bcfd3a9e';
const SHOP = 'e2737f40-44b8-472b-8849-06fa396c7aa0';
const PAUSED = 'b1d4b64d-926e-43af-9b7a-e54461aade3b';
const DELETED = '5a98fbba-ac3e-4d92-8423-f369a9caac3d';
/** The page whose every field was sent. */
const EVERY = '98d0a89f-d489-4a75-b465-68b651016ca3';
const NOT_FOUND = { message: 'Status page not found', data: null };
const STORED = new Set(['min', 'acme', 'every', 'ACME', 'domtwice', 'bykey']);
/** up / (up + down) of its six beats, pending being down. */
const MAIL_UPTIME = 40;

const REFUSED: Rule = {
  why: 'ours: 400 with a reason',
  applies: ({ ours, response }) => /^400/.test(ours ?? '') && response.status !== 400,
  change: (exchange) => withResponse(exchange, { status: 400, body: BAD_REQUEST }),
};
const HIDDEN: Rule = {
  why: 'ours: 404',
  applies: ({ ours, response }) => /^404/.test(ours ?? '') && response.status !== 404,
  change: (exchange) => withResponse(exchange, { status: 404, body: NOT_FOUND }),
};
const ALL_OR_NOTHING: Rule = {
  why: 'ours: a refused change changes nothing',
  applies: ({ response }) => JSON.stringify(response).includes('Changed though refused'),
  change: (exchange) => {
    const { message, data } = exchange.response.body as { message: string; data: Record<string, unknown> };
    const links = exchange.name === 'get: after the refused patch' ? { monitor_ids: [] } : {};
    return withResponse(exchange, { body: { message, data: { ...data, title: 'Every field', ...links } } });
  },
};
const WHAT_WAS_SENT: Rule = {
  why: 'ours: flags, style and password count',
  applies: ({ response }) => {
    const data = (response.body as { data?: { id?: string; custom_css?: string } } | undefined)?.data;
    return data?.id === EVERY && data.custom_css !== undefined;
  },
  change: (exchange) => {
    const { message, data } = exchange.response.body as { message: string; data: object };
    const sent = {
      search_engine_index: true,
      show_tags: true,
      show_powered_by: true,
      show_certificate_expiry: true,
      google_analytics_tag_id: 'G-1',
      password_protected: true,
      custom_css: exchange.name === 'get: every field' ? 'b{}' : 'x',
    };
    return withResponse(exchange, { body: { message, data: { ...data, ...sent } } });
  },
};

interface PublicMonitor {
  id: string;
  uptime_24h: number;
}

/** In the order sent, and as we count. */
const monitors = (...order: string[]): Case => ({
  why: 'ours: monitors in the order sent; pending is down, maintenance neither',
  response: ({ body }: Exchange['response']) => {
    const { message, data } = body as { message: string; data: PublicMonitor[] };
    const counted = data.map((one) => (one.id === MAIL ? { ...one, uptime_24h: MAIL_UPTIME } : one));
    return { body: { message, data: order.map((id) => counted.find((one) => one.id === id)) } };
  },
});

const listed = (request?: { path: string }): Case => ({
  why: 'ours: what was refused is not there',
  request,
  response: ({ body }: Exchange['response']) => {
    const { message, data } = body as { message: string; data: { slug: string }[] };
    return { body: { message, data: data.filter(({ slug }) => STORED.has(slug)) } };
  },
});

describe(FILE, () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  useIdleEngine(api.app);
  const known: Record<string, string> = {};

  beforeAll(async () => {
    const create = async (recorded: string, name: string, statuses: Status[], values: object = {}) => {
      const id = (await api.post('/monitors', pushBody(`token-${name}`, { name, ...values }))).body.data.id as string;
      known[recorded] = id;
      const results = statuses.map((status, i) =>
        sampleResult({ kind: 'push', monitorId: id, status, latencyMs: 0, startedAt: NOON - (10 - i) * MINUTE }),
      );
      await api.app.get(Timeline).apply(results);
    };
    await create(MAIL, 'Mail relay', ['up', 'down', 'up', 'pending', 'down', 'maintenance']);
    await create(SHOP, 'Shop', ['down', 'up']);
    await create(PAUSED, 'Paused', [], { active: false });
    await create(DELETED, 'Deleted', []);
  });

  const acme = () => loadExchanges(FILE)!.find(({ name }) => name === 'public: by domain')!.response;
  const cases: Record<string, Case> = {
    'get: as the web client sends it': {
      why: 'ours: in the order sent, domains in lower case',
      response: dataWith({ monitor_ids: [MAIL, SHOP, PAUSED], domains: ['status.example.com', 'status.example.org'] }),
    },
    'get: after patch': {
      why: 'ours: in the order sent',
      response: dataWith({ monitor_ids: [DELETED, MAIL], domains: ['new.example.com', 'status.example.com'] }),
    },
    'create: domain in use in other letter case': {
      why: 'ours: letter case does not count',
      response: { status: 400, body: { error: { code: 'DOMAIN_EXISTS', domain: 'status.example.com' } } },
    },
    'get: unknown, malformed and duplicate monitors': {
      why: 'ours: it was refused',
      response: { status: 404, body: NOT_FOUND },
    },
    'create: domains with blank, scheme and port': {
      why: 'ours: 400 for what is no host name',
      response: { status: 400, body: BAD_REQUEST },
    },
    'public: by domain, other letter case': { why: 'ours: letter case does not count', response: acme },
    'public: by domain, stored with capitals, asked in lower case': {
      why: 'ours: letter case does not count',
      response: acme,
    },
    'public: monitors by slug': monitors(MAIL, SHOP, PAUSED),
    'public: monitors homepage': monitors(MAIL, SHOP, PAUSED),
    'list (data trimmed to 5 of 10)': listed({ path: '/api/v1/status-pages?limit=2' }),
    'list: limit 2, page 1': listed({ path: '/api/v1/status-pages?limit=1&page=1' }),
    'get: after a linked monitor was deleted': {
      why: 'deleted now',
      before: async () => {
        await api.delete(`/monitors/${known[DELETED]}`);
      },
    },
    'public: monitors after a linked monitor was deleted': monitors(MAIL),
  };

  replay(FILE, {
    server: api.app,
    placeholders: { '<access>': () => api.accessToken(), '<key>': useKey(api) },
    rules: [NULL_BODY, HIDDEN, REFUSED, ALL_OR_NOTHING, WHAT_WAS_SENT],
    cases,
    known: () => known,
  });
});
