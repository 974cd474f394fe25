import { describeRoute } from './describe-route';

describe('describeRoute', () => {
  it.each([
    ['POST', '/api/v1/tags', { resource: 'tags', action: 'create', parameter: null }],
    ['PUT', '/api/v1/tags/:id', { resource: 'tags', action: 'update', parameter: 'id' }],
    ['PATCH', '/api/v1/tags/:id', { resource: 'tags', action: 'update', parameter: 'id' }],
    ['DELETE', '/api/v1/tags/:id', { resource: 'tags', action: 'delete', parameter: 'id' }],
    ['POST', '/api/v1/monitors/:id/reset', { resource: 'monitors', action: 'reset', parameter: 'id' }],
    [
      'POST',
      '/api/v1/notification-channels/test',
      { resource: 'notification-channels', action: 'test', parameter: null },
    ],
    ['PUT', '/api/v1/settings/key/:key', { resource: 'settings', action: 'update', parameter: 'key' }],
    ['POST', '/api/v1/auth/2fa/setup', { resource: 'auth', action: '2fa.setup', parameter: null }],
    ['GET', '/api/v1/tags/:id', null],
    ['POST', '/socket.io/*', null],
  ])('%s %s', (method, url, expected) => {
    expect(describeRoute(method, url)).toEqual(expected);
  });
});
