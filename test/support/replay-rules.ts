import type { Exchange, Rule } from './replay';

/** A message whose wording is ours to choose. */
export const BAD_REQUEST = { message: 'Invalid request body', data: null };

/** `null` as a whole body crashed some routes of the recorded system. */
export const NULL_BODY: Rule = {
  why: 'ours: never 500 for a bad input',
  applies: ({ response }) => response.status === 500 && !response.body,
  change: (exchange) => withResponse(exchange, { status: 400, body: BAD_REQUEST }),
};

/** The recorded system had answered 200 with what had not been stored. */
export function unknownId(message: string): Rule {
  return {
    why: 'ours: 404 for an unknown id',
    applies: ({ ours, response }) => /^404/.test(ours ?? '') && response.status === 200,
    change: (exchange) => withResponse(exchange, { status: 404, body: { message, data: null } }),
  };
}

/** A text that occurs in requests and answers, such as an id of something that does not exist yet. */
export function replaced(why: string, text: string, by: string): Rule {
  return {
    why,
    applies: ({ request, response }) => JSON.stringify([request, response]).includes(text),
    change: (exchange) => JSON.parse(JSON.stringify(exchange).replaceAll(text, by)) as Exchange,
  };
}

export function withRequest(exchange: Exchange, request: Partial<Exchange['request']>): Exchange {
  return { ...exchange, request: { ...exchange.request, ...request } };
}

export function withResponse(exchange: Exchange, response: Partial<Exchange['response']>): Exchange {
  return { ...exchange, response: { ...exchange.response, ...response } };
}

/** The recorded answer with other values in its `data`. */
export function dataWith(values: object) {
  return ({ body }: Exchange['response']) => {
    const { message, data } = body as { message: string; data: object };
    return { body: { message, data: { ...data, ...values } } };
  };
}
