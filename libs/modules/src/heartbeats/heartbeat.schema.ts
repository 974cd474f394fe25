const text = { type: 'string' };
const integer = { type: 'integer' };
const flag = { type: 'boolean' };

/** What Fastify writes lists of heartbeats by: twice as fast as without. */
export const HEARTBEAT_LIST = {
  type: 'object',
  properties: {
    message: text,
    data: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          id: text,
          monitor_id: text,
          status: integer,
          msg: text,
          ping: integer,
          duration: integer,
          down_count: integer,
          retries: integer,
          important: flag,
          time: text,
          end_time: text,
          notified: flag,
        },
      },
    },
  },
};
