import { Store } from '@app/core';
import { Monitor } from '@app/modules/monitors';
import { useApi } from '../support/api';
import { FakeClock } from '../support/clock';
import { monitorBody } from '../support/monitors';
import { NOBODY, refused, success } from '../support/wire';

describe('lists of monitors', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  const ids: Record<string, string> = {};
  const tags: Record<string, string> = {};

  const namesOf = (data: unknown) => (data as { name: string }[]).map(({ name }) => name);
  const names = async (query: string) => namesOf((await api.get(`/monitors${query}`)).body.data);

  it('is an empty list at first', async () => {
    await expect(api.get('/monitors')).resolves.toEqual(success([]));
  });

  describe('with monitors', () => {
    beforeAll(async () => {
      for (const name of ['red', 'blue']) {
        tags[name] = (await api.post('/tags', { name, color: '#fff' })).body.data.id as string;
      }
      const create = async (name: string, values: object = {}) => {
        clock.advance(1000);
        ids[name] = (await api.post('/monitors', monitorBody({ name, ...values }))).body.data.id as string;
      };
      await create('alpha', { tag_ids: [tags.red, tags.blue] });
      await create('Beta 100%', { tag_ids: [tags.blue] });
      await create('gamma_x');
      await create('gammaXx', { type: 'push', config: '{"pushToken":"t"}', active: true });
      await api.app.get(Store).collection(Monitor).update({ id: ids['gamma_x']! }, { status: 0 });
    });

    it('has the summary of each, the newest first', async () => {
      const { tag_ids: _, notification_ids: __, ...summary } = monitorBody({ name: 'gamma_x' });
      const time = new Date(clock.now() - 1000).toISOString();

      await expect(api.get('/monitors?limit=1&page=1')).resolves.toEqual(
        success([{ ...summary, id: ids['gamma_x'], status: 0, created_at: time, updated_at: expect.any(String) }]),
      );
      await expect(names('')).resolves.toEqual(['gammaXx', 'gamma_x', 'Beta 100%', 'alpha']);
    });

    it.each<[string, string[]]>([
      ['?page=0&limit=3', ['gammaXx', 'gamma_x', 'Beta 100%']],
      ['?page=1&limit=3', ['alpha']],
      ['?page=2&limit=3', []],
      ['?page=9223372036854775807', []],
      ['?limit=100000&q=a', ['gammaXx', 'gamma_x', 'Beta 100%', 'alpha']],
      ['?limit=1&limit=3&sort=name', ['gammaXx']],
      ['?page=&limit=&q=&active=&status=&tag_ids=', ['gammaXx', 'gamma_x', 'Beta 100%', 'alpha']],
      ['?q=ALPHA', ['alpha']],
      ['?q=bEtA', ['Beta 100%']],
      ['?q=%25', ['Beta 100%']],
      ['?q=gamma_', ['gamma_x']],
      ['?q=nothing-like-this', []],
      ['?active=true', ['gammaXx']],
      ['?active=0', ['gamma_x', 'Beta 100%', 'alpha']],
      ['?status=0', ['gamma_x']],
      ['?status=%2B1', ['gammaXx', 'Beta 100%', 'alpha']],
      ['?status=9', []],
      ['?status=-9223372036854775808', []],
      ['?status=1&active=f&q=A&limit=1', ['Beta 100%']],
    ])('answers %s', async (query, expected) => {
      await expect(names(query)).resolves.toEqual(expected);
    });

    it.each<[string, () => string, string[]]>([
      ['one tag', () => tags.red!, ['alpha']],
      ['any of two, each monitor once', () => ` ${tags.red},,${tags.blue} `, ['Beta 100%', 'alpha']],
      ['a tag in capitals', () => tags.red!.toUpperCase(), ['alpha']],
      ['unknown ones', () => `${NOBODY},abc`, []],
      ['nothing but commas: no filter', () => ',,', ['gammaXx', 'gamma_x', 'Beta 100%', 'alpha']],
    ])('filters by %s', async (_, tagIds, expected) => {
      await expect(names(`?tag_ids=${encodeURIComponent(tagIds())}`)).resolves.toEqual(expected);
    });

    it.each([
      ['page=-1&limit=x', 'Invalid page parameter'],
      ['page=1.0', 'Invalid page parameter'],
      ['page=+1', 'Invalid page parameter'],
      ['page=99999999999999999999', 'Invalid page parameter'],
      ['limit=0&active=x', 'Invalid limit parameter'],
      ['active=yes&status=x', 'Invalid active parameter (must be true or false)'],
      ['active=tRue', 'Invalid active parameter (must be true or false)'],
      ['status=x', 'Invalid status parameter (must be int)'],
      ['status=1.5', 'Invalid status parameter (must be int)'],
    ])('refuses %s', async (query, message) => {
      await expect(api.get(`/monitors?${query}`)).resolves.toEqual(refused(400, message));
    });

    describe('batch', () => {
      const batch = async (wanted: string) =>
        namesOf((await api.get(`/monitors/batch?ids=${encodeURIComponent(wanted)}`)).body.data);

      it('has the summaries in the order asked for', async () => {
        const one = (await api.get('/monitors?q=alpha')).body;

        await expect(api.get(`/monitors/batch?ids=${ids.alpha}`)).resolves.toEqual({ status: 200, body: one });
        await expect(batch(`${ids.gammaXx},${ids.alpha}`)).resolves.toEqual(['gammaXx', 'alpha']);
        await expect(batch(`${ids.alpha},${ids.gammaXx}`)).resolves.toEqual(['alpha', 'gammaXx']);
      });

      it('trims, drops what is empty or unknown, and gives each once', async () => {
        await expect(batch(` ${ids.alpha} ,,${NOBODY},abc,${ids.alpha}`)).resolves.toEqual(['alpha']);
        await expect(batch(',')).resolves.toEqual([]);
        await expect(batch(NOBODY)).resolves.toEqual([]);
      });

      it('takes a hundred ids and no more', async () => {
        await expect(batch(Array(100).fill(ids.alpha).join())).resolves.toEqual(['alpha']);
        await expect(api.get(`/monitors/batch?ids=${Array(101).fill('a').join()}`)).resolves.toEqual(
          refused(400, 'maximum 100 monitor IDs allowed'),
        );
      });

      it.each(['', '?ids=', '?id=x'])('needs ids: %j', async (query) => {
        await expect(api.get(`/monitors/batch${query}`)).resolves.toEqual(refused(400, 'ids parameter is required'));
      });
    });
  });
});
