import { AppError, ResultQueue, Timeline } from '@app/core';
import { MonitorsRepository } from '@app/modules/monitors';
import { Api, useApi } from '../support/api';
import type { Watched } from '../support/engine';
import { eventually } from '../support/eventually';
import { pushBody } from '../support/monitors';
import { useScene } from '../support/scene';

/** Errors of ours are never an outage of a scene.target. */
describe('while the database fails', () => {
  const api = useApi();
  const scene = useScene(api);
  afterEach(() => jest.restoreAllMocks());

  const watch = async () => {
    const monitor = await scene.watch();
    await monitor.seen(1);
    return monitor;
  };
  const away = () => Promise.reject(new AppError('unavailable', 'the database is away'));
  const isUp = async (monitor: Watched, beats: number) => {
    const seen = await monitor.seen(beats);
    expect(seen.map(({ status }) => status)).toEqual(Array(beats).fill(1));
    await expect(monitor.status()).resolves.toBe(1);
    expect(scene.hook.requests).toEqual([]);
  };

  it('results wait, and are stored once when it is back', async () => {
    const monitor = await watch();
    const apply = jest.spyOn(api.app.get(Timeline), 'apply');
    apply.mockImplementationOnce(away).mockImplementationOnce(away);

    await monitor.tick();

    expect(apply.mock.calls.length).toBeGreaterThanOrEqual(3);
    await isUp(monitor, 2);
  });

  it('a push is answered once it is stored', async () => {
    const { body } = await api.post('/monitors', pushBody('waits'));
    const apply = jest.spyOn(api.app.get(Timeline), 'apply');
    apply.mockImplementationOnce(away).mockImplementationOnce(away);

    await expect(new Api(api.app).get('/push/waits')).resolves.toEqual({ status: 200, body: { ok: 'true' } });

    const beats = await api.get(`/monitors/${body.data.id}/heartbeats`);
    expect(beats.body.data).toHaveLength(1);
  });

  it('a fault that no waiting mends costs one result, and is 500 for a push', async () => {
    await api.post('/monitors', pushBody('faulty'));
    const monitor = await watch();
    const apply = jest.spyOn(api.app.get(Timeline), 'apply').mockRejectedValueOnce(new Error('a bug'));

    await expect(new Api(api.app).get('/push/faulty')).resolves.toEqual({
      status: 500,
      body: { message: 'Internal server error', data: null },
    });
    apply.mockRejectedValueOnce(new Error('a bug'));
    const calls = apply.mock.calls.length;
    await monitor.poke();
    await eventually('the result was refused', () => apply.mock.calls.length > calls);
    await monitor.tick();

    const beats = await monitor.beats();
    expect(beats.map(({ status }) => status)).toEqual(beats.map(() => 1));
    expect(scene.hook.requests).toEqual([]);
  });

  it('a tick that cannot read its monitor checks it as it was known last', async () => {
    const monitor = await watch();
    const find = jest.spyOn(api.app.get(MonitorsRepository), 'findByIds');
    find.mockImplementationOnce(away);

    await monitor.poke();
    await eventually('the monitor could not be read', () => find.mock.calls.length > 0);

    await isUp(monitor, 2);
  });

  it('too many waiting results are refused, not stored as down', async () => {
    const { body } = await api.post('/monitors', pushBody('crowd'));
    const queue = api.app.get(ResultQueue);
    const submit = queue.submit.bind(queue);
    jest.spyOn(queue, 'submit').mockImplementation((result) => {
      if (result.kind !== 'push') return submit(result);
      return Promise.reject(new AppError('too_many_requests', 'Too many results are waiting to be stored'));
    });

    await expect(new Api(api.app).get('/push/crowd')).resolves.toMatchObject({ status: 503 });

    await expect(api.get(`/monitors/${body.data.id}/heartbeats`)).resolves.toMatchObject({ body: { data: [] } });
  });
});
