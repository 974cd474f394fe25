const integer = { type: 'integer' };
const number = { type: 'number' };
const orNull = { type: 'number', nullable: true };

/** What Fastify writes charts by: up to 1,441 points. */
export const POINTS = {
  type: 'object',
  properties: {
    message: { type: 'string' },
    data: {
      type: 'object',
      properties: {
        points: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              up: integer,
              down: integer,
              maintenance: integer,
              ping: number,
              ping_min: number,
              ping_max: number,
              timestamp: integer,
            },
          },
        },
        maxPing: orNull,
        minPing: orNull,
        avgPing: orNull,
        uptime: orNull,
      },
    },
  },
};
