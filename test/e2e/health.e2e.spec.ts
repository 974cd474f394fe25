import { AppError, ResultQueue, Store } from '@app/core';
import { Api } from '../support/api';
import { useApp } from '../support/app';
import { A_TIME } from '../support/wire';

describe('health', () => {
  const server = useApp();
  const anyone = new Api(server);
  afterEach(() => jest.restoreAllMocks());

  it.each(['/health', '/api/v1/health'])('%s says that the process serves, whatever else does not', async (path) => {
    jest.spyOn(server.get(Store), 'ping').mockRejectedValue(new AppError('unavailable', 'away'));

    await expect(anyone.send({ method: 'GET', path })).resolves.toEqual({
      status: 200,
      body: { status: 'ok', timestamp: A_TIME },
    });
  });

  it('is ready when everything answers', async () => {
    await expect(anyone.get('/health/ready')).resolves.toEqual({
      status: 200,
      body: {
        status: 'ok',
        timestamp: A_TIME,
        dependencies: {
          database: { status: 'ok', latency_ms: expect.any(Number) },
          queue: { status: 'ok', latency_ms: expect.any(Number) },
        },
      },
    });
  });

  it('is not ready when the database does not answer, and says so without details', async () => {
    jest.spyOn(server.get(Store), 'ping').mockRejectedValue(new AppError('unavailable', 'secret detail'));

    const answer = await anyone.get('/health/ready');

    expect(answer).toEqual({
      status: 503,
      body: {
        status: 'unavailable',
        timestamp: A_TIME,
        dependencies: {
          database: { status: 'unavailable', latency_ms: expect.any(Number) },
          queue: { status: 'ok', latency_ms: expect.any(Number) },
        },
      },
    });
  });

  it('does not wait for ever for a dependency', async () => {
    jest.spyOn(server.get(ResultQueue), 'depth').mockReturnValue(new Promise(() => undefined));

    await expect(anyone.get('/health/ready')).resolves.toMatchObject({
      status: 503,
      body: { dependencies: { queue: { status: 'unavailable' } } },
    });
  });

  it('has the version that clients compare with theirs, also for nonsense credentials', async () => {
    const version = { status: 200, body: { version: '0.0.46' } };

    await expect(anyone.get('/version')).resolves.toEqual(version);
    await expect(anyone.as('x').with({ 'x-api-key': 'x' }).get('/version')).resolves.toEqual(version);
  });
});

describe('API_VERSION', () => {
  const anyone = new Api(useApp({ env: { API_VERSION: '9.9.9' } }));

  it('is what /version answers', async () => {
    await expect(anyone.get('/version')).resolves.toEqual({ status: 200, body: { version: '9.9.9' } });
  });
});
