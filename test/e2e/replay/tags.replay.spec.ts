import { useApi } from '../../support/api';
import { useIdleEngine } from '../../support/idle';
import { monitorBody } from '../../support/monitors';
import { useKey } from '../../support/keys';
import { replay } from '../../support/replay';
import type { Case, Exchange } from '../../support/replay';
import { BAD_REQUEST, NULL_BODY, unknownId } from '../../support/replay-rules';

const UNSTORED = '   '; // the name of the tag that the recorded system took

describe('tags.json', () => {
  const api = useApi();
  useIdleEngine(api.app);
  let monitor = '';

  /** Of a recorded list, without the tag that we refused. */
  const without = (more: (tag: { name: string }) => boolean = () => true) => ({
    why: 'ours: blank names are refused',
    response: ({ body }: Exchange['response']) => {
      const { message, data } = body as { message: string; data: { name: string }[] };
      return { body: { message, data: data.filter((tag) => tag.name !== UNSTORED && more(tag)) } };
    },
  });
  const literal = (sign: string) => ({
    ...without(({ name }) => name.includes(sign)),
    why: 'ours: a literal match',
  });

  const cleared: Case = {
    why: 'ours: null clears the description',
    response: ({ body }) => {
      const { message, data } = body as { message: string; data: object };
      return { body: { message, data: { ...data, description: null } } };
    },
  };

  const cases: Record<string, Case> = {
    'create name of blanks (accepted)': {
      why: 'ours: blank names are refused',
      response: { status: 400, body: BAD_REQUEST },
    },
    // The lists that had the refused tag are asked for one row less.
    'list (default limit 10, name ascending)': { ...without(), request: { path: '/api/v1/tags?limit=9' } },
    'list page 1 limit 4': {
      why: 'ours: blank names are refused, so the page begins one row earlier',
      request: { path: '/api/v1/tags?page=3&limit=1' },
      response: ({ body }) => {
        const { message, data } = body as { message: string; data: unknown[] };
        return { body: { message, data: data.slice(0, 1) } };
      },
    },
    'list page 0 limit 3': { ...without(), request: { path: '/api/v1/tags?limit=2' } },
    'list q percent (data trimmed from 10 to 5 items)': literal('%'),
    'list q underscore': literal('_'),
    'list limit 5000 (data trimmed from 11 to 5 items)': without(),
    'patch description null': cleared,
    'patch {}': cleared,
    'patch own name': cleared,
    'patch raw null': cleared,
    'delete a tag in use': {
      why: 'used by a monitor that is made now',
      before: async () => {
        const { data } = (await api.get('/tags?limit=100')).body;
        const idOf = (name: string) => (data as { id: string; name: string }[]).find((tag) => tag.name === name)!.id;
        const body = monitorBody({
          name: 'tagged',
          active: true,
          interval: 3600,
          timeout: 16,
          max_retries: 0,
          retry_interval: 60,
          config: '{"host":"127.0.0.1","port":9413}',
          tag_ids: [idOf('Staging 2'), idOf('Prod')],
        });
        monitor = (await api.post('/monitors', body)).body.data.id as string;
      },
    },
    'monitor after its tag was deleted': {
      why: 'by our id',
      request: () => ({ path: `/api/v1/monitors/${monitor}` }),
    },
  };

  replay('tags.json', {
    server: api.app,
    placeholders: { '<access>': () => api.accessToken(), '<key>': useKey(api) },
    rules: [NULL_BODY, unknownId('Tag not found')],
    cases,
  });
});
