import { parseClientMessage } from './client-message';

const parse = (text: string) => parseClientMessage(Buffer.from(text));
const invalid = (problem: string, id?: unknown) => ({ event: 'invalid', problem, id });

describe('parseClientMessage', () => {
  it.each([
    ['{"event":"ping"}', { event: 'ping', id: undefined }],
    ['{"event":"ping","data":{"any":1},"id":0}', { event: 'ping', id: 0 }],
    ['{"event":"join_room","data":"monitor:all","id":"x"}', { event: 'join_room', room: 'monitor:all', id: 'x' }],
    ['{"event":"leave_room","data":""}', { event: 'leave_room', room: '', id: undefined }],
    ['{"event":"authenticate","data":{"token":"t"}}', { event: 'authenticate', token: 't', id: undefined }],
    ['{"event":"authenticate"}', { event: 'authenticate', token: '', id: undefined }],
    ['{"event":"authenticate","data":"t"}', { event: 'authenticate', token: '', id: undefined }],
    ['', invalid('Messages are JSON objects with an event')],
    ['nul', invalid('Messages are JSON objects with an event')],
    ['null', invalid('Messages are JSON objects with an event')],
    ['"ping"', invalid('Messages are JSON objects with an event')],
    ['["ping"]', invalid('Messages are JSON objects with an event')],
    ['{}', invalid('Unknown event')],
    ['{"event":5}', invalid('Unknown event')],
    ['{"event":"__proto__","id":1}', invalid('Unknown event', 1)],
    ['{"event":"join_room","data":{"room":"x"}}', invalid('data must be the name of a room')],
    ['{"event":"ping","id":{"a":1}}', { event: 'ping', id: undefined }],
    [`{"event":"ping","id":"${'x'.repeat(129)}"}`, { event: 'ping', id: undefined }],
  ])('reads %s', (text, message) => {
    expect(parse(text)).toEqual(message);
  });
});
