import { useApi } from '../support/api';
import { monitorBody, webhookBody } from '../support/monitors';
import { NOBODY, refused } from '../support/wire';

describe('relations of a monitor', () => {
  const api = useApi();
  let tags: string[] = [];
  let channels: string[] = [];

  beforeAll(async () => {
    const tag = (name: string) => api.post('/tags', { name, color: '#fff' });
    const channel = () => api.post('/notification-channels', webhookBody('http://127.0.0.1:9/'));
    tags = [await tag('a'), await tag('b'), await tag('c')].map(({ body }) => body.data.id as string);
    channels = [await channel(), await channel(), await channel()].map(({ body }) => body.data.id as string);
  });

  const create = async () => {
    const lists = { tag_ids: [tags[2], tags[0], tags[2]], notification_ids: [channels[1], channels[0], channels[1]] };
    return (await api.post('/monitors', monitorBody(lists))).body.data as Record<string, unknown>;
  };
  const read = async (id: unknown) => {
    const { tag_ids, notification_ids } = (await api.get(`/monitors/${String(id)}`)).body.data;
    return { tag_ids, notification_ids };
  };

  it('come back in the order in which they were sent, each once', async () => {
    const monitor = await create();

    expect(monitor).toMatchObject({ tag_ids: [tags[2], tags[0]], notification_ids: [channels[1], channels[0]] });
    await expect(read(monitor.id)).resolves.toEqual({
      tag_ids: [tags[2], tags[0]],
      notification_ids: [channels[1], channels[0]],
    });
  });

  it('are replaced by PUT, where absent is empty', async () => {
    const { id } = await create();

    const { notification_ids: _, ...body } = monitorBody({ tag_ids: [tags[1], tags[2]] });
    await expect(api.put(`/monitors/${String(id)}`, body)).resolves.toMatchObject({
      status: 200,
      body: { data: { tag_ids: [tags[1], tags[2]], notification_ids: [] } },
    });
  });

  it.each([
    ['absent leaves both', () => ({ name: 'renamed' }), [2, 0], [1, 0]],
    ['null leaves both', () => ({ tag_ids: null, notification_ids: null }), [2, 0], [1, 0]],
    ['[] empties one', () => ({ tag_ids: [] }), [], [1, 0]],
    ['a list replaces one', () => ({ notification_ids: [channels[2], channels[1]] }), [2, 0], [2, 1]],
    ['ids match in any letter case', () => ({ tag_ids: [tags[1]!.toUpperCase()] }), [1], [1, 0]],
  ])('PATCH: %s', async (_, body, expectedTags, expectedChannels) => {
    const { id } = await create();

    await expect(api.patch(`/monitors/${String(id)}`, body())).resolves.toMatchObject({ status: 200 });

    await expect(read(id)).resolves.toEqual({
      tag_ids: expectedTags.map((i) => tags[i]),
      notification_ids: expectedChannels.map((i) => channels[i]),
    });
  });

  it('stay as they are when one of the new ones does not exist', async () => {
    const { id, name } = await create();
    const lists = { tag_ids: [tags[1]], notification_ids: [channels[2], NOBODY] };
    const message = 'notification_ids holds an id that does not exist';

    await expect(api.put(`/monitors/${String(id)}`, monitorBody({ ...lists, name: 'new' }))).resolves.toEqual(
      refused(400, message),
    );
    await expect(api.patch(`/monitors/${String(id)}`, { ...lists, name: 'new' })).resolves.toEqual(
      refused(400, message),
    );

    await expect(read(id)).resolves.toEqual({
      tag_ids: [tags[2], tags[0]],
      notification_ids: [channels[1], channels[0]],
    });
    await expect(api.get(`/monitors/${String(id)}`)).resolves.toMatchObject({ body: { data: { name } } });
  });

  it('go when the other side is deleted', async () => {
    const monitor = await create();
    const [, gone] = [tags[0], channels[0]];

    await api.delete(`/notification-channels/${gone}`);

    await expect(read(monitor.id)).resolves.toEqual({
      tag_ids: [tags[2], tags[0]],
      notification_ids: [channels[1]],
    });
  });
});
