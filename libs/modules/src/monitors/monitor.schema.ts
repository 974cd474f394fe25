const text = { type: 'string' };
const integer = { type: 'integer' };

/** What Fastify writes lists of monitors by: twice as fast as without, and nothing else can slip out. */
export const MONITOR_LIST = {
  type: 'object',
  properties: {
    message: text,
    data: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
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
        },
      },
    },
  },
};
