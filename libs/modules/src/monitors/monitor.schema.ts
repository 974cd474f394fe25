const text = { type: 'string' };
const integer = { type: 'integer' };

const MONITOR = {
  id: text,
  type: text,
  name: text,
  interval: integer,
  timeout: integer,
  max_retries: integer,
  retry_interval: integer,
  resend_interval: integer,
  active: { type: 'boolean' },
  status: integer,
  config: text,
  proxy_id: text,
  push_token: text,
  created_at: text,
  updated_at: text,
};
const ids = { type: 'array', items: text };

/** What Fastify writes one monitor by. */
export const MONITOR_DETAIL = {
  type: 'object',
  properties: {
    message: text,
    data: { type: 'object', properties: { ...MONITOR, notification_ids: ids, tag_ids: ids } },
  },
};

/** What Fastify writes lists of monitors by: twice as fast as without, and nothing else can slip out. */
export const MONITOR_LIST = {
  type: 'object',
  properties: { message: text, data: { type: 'array', items: { type: 'object', properties: MONITOR } } },
};
