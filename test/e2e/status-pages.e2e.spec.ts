import { MINUTE, SECOND, Timeline } from '@app/core';
import { Api, useApi } from '../support/api';
import { FakeClock, NOON } from '../support/clock';
import { monitorBody } from '../support/monitors';
import { signInAs } from '../support/people';
import { sampleResult } from '../support/samples';
import { pageBody } from '../support/status-pages';
import { AN_ID, NOBODY, NOT_ALLOWED, created, refused, success } from '../support/wire';

const NOW = '2026-11-24T12:00:00.000Z';
const UNKNOWN = refused(404, 'Status page not found');
const CREATED = 'Status page created successfully';
const UPDATED = 'Status page updated successfully';
const SLUG_TAKEN = refused(400, 'Slug is already in use');
const NO_MONITOR = refused(400, 'monitor_ids holds an id that does not exist');
const domainTaken = (domain: string) => ({ status: 400, body: { error: { code: 'DOMAIN_EXISTS', domain } } });

const stored = (values: object = {}) => ({
  id: AN_ID,
  slug: 'acme',
  title: 'Acme status',
  description: '',
  icon: '',
  theme: 'light',
  published: true,
  footer_text: '',
  auto_refresh_interval: 300,
  created_at: NOW,
  updated_at: NOW,
  ...values,
});
const detail = (values: object = {}) =>
  stored({
    search_engine_index: false,
    show_tags: false,
    show_powered_by: false,
    show_certificate_expiry: false,
    custom_css: '',
    google_analytics_tag_id: '',
    monitor_ids: [],
    domains: [],
    ...values,
  });

describe('/status-pages', () => {
  const clock = new FakeClock();
  const api = useApi({ clock, env: { CLIENT_URL: 'https://uptime.acme.test' } });
  const visitor = new Api(api.app);
  let pages = 0;

  const slug = () => `page-${++pages}`;
  const create = (values: object = {}) => api.post('/status-pages', pageBody({ slug: slug(), ...values }));
  const idOf = async (values: object = {}) => (await create(values)).body.data.id as string;
  const monitor = async (values: Record<string, unknown> = {}) =>
    (await api.post('/monitors', monitorBody(values))).body.data.id as string;

  beforeEach(() => clock.set(NOON));

  describe('POST', () => {
    it('stores a page with its monitors and domains in the order sent, and returns the stored row', async () => {
      const ids = [await monitor(), await monitor(), await monitor()].reverse();
      const answer = await create({
        slug: 'acme',
        monitor_ids: [...ids, ids[0]!.toUpperCase()],
        domains: [' Status.Acme.Example ', 'b.acme.example', 'status.acme.example'],
        foo: 1,
      });

      expect(answer).toEqual(created(CREATED, stored()));
      const { id } = answer.body.data as { id: string };
      await expect(api.get(`/status-pages/${id.toUpperCase()}`)).resolves.toEqual(
        success(detail({ id, monitor_ids: ids, domains: ['status.acme.example', 'b.acme.example'] })),
      );
    });

    it('keeps what was sent', async () => {
      const values = {
        description: 'd',
        icon: 'data:image/png;base64,AA==',
        theme: 'dark',
        published: false,
        footer_text: '© ACME',
        auto_refresh_interval: 60,
        search_engine_index: true,
        show_tags: true,
        show_powered_by: true,
        show_certificate_expiry: true,
        custom_css: 'h1 { color: #0a0 }',
        google_analytics_tag_id: 'G-1',
      };
      const name = slug();
      const id = await idOf({ slug: name, ...values });

      await expect(api.get(`/status-pages/${id}`)).resolves.toEqual(success(detail({ slug: name, ...values })));
    });

    it.each([
      [{ slug: undefined, title: undefined }, 'slug is required; title is required'],
      [{ slug: 'ab' }, 'slug must be at least 3 characters'],
      [{ slug: 'a/b/c' }, 'slug may have letters, digits and - . _ ~ only'],
      [{ slug: 's'.repeat(256) }, 'slug must be at most 255 characters'],
      [{ title: 'Ab' }, 'title must be at least 3 characters'],
      [{ title: '    ' }, 'title must not be blank'],
      [{ theme: 't'.repeat(31) }, 'theme must be at most 30 characters'],
      [{ icon: 'javascript:alert(1)' }, 'icon must be an address of http, https or data:image/'],
      [{ icon: 'data:text/html,x' }, 'icon must be an address of http, https or data:image/'],
      [{ auto_refresh_interval: -5 }, 'auto_refresh_interval must be at least 0'],
      [{ published: 'yes' }, 'published must be true or false'],
      [{ custom_css: 'b{}</style><script>' }, 'custom_css must load nothing and run nothing'],
      [{ custom_css: '@import "//evil.test"' }, 'custom_css must load nothing and run nothing'],
      [{ google_analytics_tag_id: "G-1');alert('" }, 'google_analytics_tag_id must be a tag id such as G-XXXXXXX'],
      [{ monitor_ids: [1] }, 'monitor_ids must be a list of ids'],
      [{ monitor_ids: [NOBODY] }, 'monitor_ids holds an id that does not exist'],
      [{ monitor_ids: ['nope'] }, 'monitor_ids holds an id that does not exist'],
      [{ domains: 'x' }, 'domains must be a list of texts of at most 255 characters'],
      [{ domains: [''] }, 'domains must be host names, without scheme and port'],
      [{ domains: ['https://a.example'] }, 'domains must be host names, without scheme and port'],
      [{ domains: ['a.example:80'] }, 'domains must be host names, without scheme and port'],
      [{ domains: ['127.0.0.1'] }, 'domains holds the address of this server: 127.0.0.1'],
      [{ domains: ['Uptime.acme.test'] }, 'domains holds the address of this server: uptime.acme.test'],
    ])('refuses %j', async (values, message) => {
      await expect(create(values)).resolves.toEqual(refused(400, message));
    });

    it('refuses a slug in use, in the same letter case', async () => {
      const name = slug();
      await create({ slug: name });

      await expect(create({ slug: name })).resolves.toEqual(SLUG_TAKEN);
      await expect(create({ slug: name.toUpperCase() })).resolves.toMatchObject({ status: 201 });
    });

    it('names the first domain that belongs to another page, and stores nothing', async () => {
      await create({ domains: ['one.example', 'two.example'] });
      const name = slug();

      await expect(create({ slug: name, domains: ['free.example', 'TWO.example', 'one.example'] })).resolves.toEqual(
        domainTaken('two.example'),
      );
      await expect(create({ slug: name, domains: ['free.example'] })).resolves.toMatchObject({ status: 201 });
    });

    it('gives a domain or a slug that many ask for at once to one of them', async () => {
      const domains = ['wanted.example'];
      const byDomain = await Promise.all([1, 2, 3, 4].map(() => create({ domains })));
      const name = slug();
      const bySlug = await Promise.all([1, 2, 3, 4].map(() => create({ slug: name })));

      expect(byDomain.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(byDomain.filter(({ status }) => status !== 201)).toEqual(Array(3).fill(domainTaken('wanted.example')));
      expect(bySlug.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(bySlug.filter(({ status }) => status !== 201)).toEqual(Array(3).fill(SLUG_TAKEN));
    });

    it('is for editors', async () => {
      const viewer = await signInAs(api.app, 'viewer');

      await expect(viewer.post('/status-pages', pageBody({ slug: slug() }))).resolves.toEqual(NOT_ALLOWED);
    });
  });

  describe('GET', () => {
    it('lists pages newest first, and searches titles and descriptions literally in any letter case', async () => {
      const first = await idOf({ title: 'Zebra 100% up' });
      clock.advance(SECOND);
      const second = await idOf({ description: 'where the ZEBRAS are' });
      const ids = async (query: string) =>
        (await api.get(`/status-pages?${query}`)).body.data.map(({ id }: { id: string }) => id);

      await expect(ids('q=zebra')).resolves.toEqual([second, first]);
      await expect(ids('q=zebra&limit=1&page=1')).resolves.toEqual([first]);
      await expect(ids('q=100%25')).resolves.toEqual([first]);
      await expect(ids('q=nothing%20of%20the%20kind')).resolves.toEqual([]);
    });

    it.each(['page=x', 'page=-1'])('refuses ?%s', async (query) => {
      await expect(api.get(`/status-pages?${query}`)).resolves.toEqual(refused(400, 'Invalid page parameter'));
    });

    it.each([NOBODY, 'nope'])('knows no page %s', async (id) => {
      await expect(api.get(`/status-pages/${id}`)).resolves.toEqual(UNKNOWN);
    });
  });

  describe('PATCH', () => {
    it('changes what is there and leaves the rest', async () => {
      const one = await monitor();
      const name = slug();
      const id = await idOf({ slug: name, monitor_ids: [one], domains: [`${name}.example`] });
      clock.advance(SECOND);
      const changed = { title: 'Other', auto_refresh_interval: 0, updated_at: '2026-11-24T12:00:01.000Z' };

      await expect(
        api.patch(`/status-pages/${id}`, { title: 'Other', auto_refresh_interval: 0, slug: null, monitor_ids: null }),
      ).resolves.toEqual(success(stored({ id, slug: name, ...changed }), UPDATED));
      await expect(api.get(`/status-pages/${id}`)).resolves.toEqual(
        success(detail({ id, slug: name, ...changed, monitor_ids: [one], domains: [`${name}.example`] })),
      );
    });

    it('replaces monitors and domains, and empties them', async () => {
      const [one, two, three] = [await monitor(), await monitor(), await monitor()];
      const name = slug();
      const id = await idOf({ monitor_ids: [one, two], domains: [`a.${name}.example`, `b.${name}.example`] });
      const relations = async () => {
        const { monitor_ids, domains } = (await api.get(`/status-pages/${id}`)).body.data as Record<string, unknown>;
        return { monitor_ids, domains };
      };
      const next = { monitor_ids: [three, one], domains: [`c.${name}.example`, `a.${name}.example`] };
      await api.patch(`/status-pages/${id}`, next);

      await expect(relations()).resolves.toEqual(next);
      await api.patch(`/status-pages/${id}`, { monitor_ids: [], domains: [] });
      await expect(relations()).resolves.toEqual({ monitor_ids: [], domains: [] });
      await expect(create({ domains: [`c.${name}.example`] })).resolves.toMatchObject({ status: 201 });
    });

    it('changes nothing when a part of it is refused', async () => {
      const name = slug();
      const id = await idOf({ slug: name, domains: [`${name}.example`] });
      const other = slug();
      await create({ slug: other, domains: [`${other}.example`] });
      const patch = (values: object) => api.patch(`/status-pages/${id}`, { title: 'Changed', ...values });

      await expect(patch({ domains: [`${other}.example`] })).resolves.toEqual(domainTaken(`${other}.example`));
      await expect(patch({ slug: other })).resolves.toEqual(SLUG_TAKEN);
      await expect(patch({ monitor_ids: [NOBODY] })).resolves.toEqual(NO_MONITOR);
      await expect(patch({ slug: '' })).resolves.toEqual(refused(400, 'slug must be at least 3 characters'));
      await expect(patch({ domains: ['127.0.0.1'] })).resolves.toMatchObject({ status: 400 });
      await expect(api.get(`/status-pages/${id}`)).resolves.toEqual(
        success(detail({ id, slug: name, domains: [`${name}.example`] })),
      );
    });

    it('knows no page that is not there', async () => {
      for (const values of [{ title: 'Xyz' }, { domains: ['u.example'] }, { monitor_ids: [] }, {}]) {
        await expect(api.patch(`/status-pages/${NOBODY}`, values)).resolves.toEqual(UNKNOWN);
      }
    });
  });

  describe('DELETE', () => {
    it('frees slug and domains, and is a success every time', async () => {
      const values = { slug: slug(), domains: ['gone.example'] };
      const id = await idOf(values);
      const gone = success(null, 'Status page deleted successfully');

      await expect(visitor.get('/status-pages/domain/gone.example')).resolves.toMatchObject({ status: 200 });
      await expect(api.delete(`/status-pages/${id}`)).resolves.toEqual(gone);
      await expect(api.delete(`/status-pages/${id}`)).resolves.toEqual(gone);
      await expect(visitor.get('/status-pages/domain/gone.example')).resolves.toEqual(UNKNOWN);
      await expect(create(values)).resolves.toMatchObject({ status: 201 });
    });
  });

  describe('for visitors', () => {
    it('shows a published page by slug and by domain, whatever credentials they have', async () => {
      const name = slug();
      await create({ slug: name, domains: [`${name}.example`] });
      const page = success(stored({ slug: name }));

      await expect(visitor.get(`/status-pages/slug/${name}`)).resolves.toEqual(page);
      await expect(visitor.as('garbage').get(`/status-pages/domain/${name}.EXAMPLE`)).resolves.toEqual(page);
    });

    it('shows style and flags that are set', async () => {
      const name = slug();
      await create({ slug: name, custom_css: 'b{}', show_tags: true });

      await expect(visitor.get(`/status-pages/slug/${name}`)).resolves.toEqual(
        success(stored({ slug: name, custom_css: 'b{}', show_tags: true })),
      );
    });

    it('shows nothing of what is not published, from the moment that it is not', async () => {
      const name = slug();
      const id = await idOf({ slug: name, domains: [`${name}.example`], monitor_ids: [await monitor()] });
      const paths = [
        `slug/${name}`,
        `domain/${name}.example`,
        `slug/${name}/monitors`,
        `slug/${name}/monitors/homepage`,
      ];
      const answers = () => Promise.all(paths.map((path) => visitor.get(`/status-pages/${path}`)));

      expect((await answers()).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      await api.patch(`/status-pages/${id}`, { published: false });
      expect(await answers()).toEqual([UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN]);
      await expect(visitor.get('/status-pages/slug/never-was')).resolves.toEqual(UNKNOWN);
    });

    it('shows monitors in their order, with beats oldest first, and nothing that is inside', async () => {
      const name = slug();
      const [mail, shop] = [
        await monitor({ config: '{"host":"10.1.2.3","port":25}' }),
        await monitor({ name: 'Shop' }),
      ];
      const statuses = ['up', 'down', 'pending', 'maintenance', 'up'] as const;
      const results = statuses.map((status, i) =>
        sampleResult({ monitorId: mail, status, message: 'inside', startedAt: NOON - (5 - i) * MINUTE }),
      );
      await api.app.get(Timeline).apply(results);
      await create({ slug: name, monitor_ids: [shop, mail] });
      const beat = (status: number, minutes: string) => ({
        id: AN_ID,
        status,
        time: `2026-11-24T11:${minutes}:00.000Z`,
        end_time: `2026-11-24T11:${minutes}:00.020Z`,
        ping: 20,
      });
      const beats = [beat(1, '55'), beat(0, '56'), beat(2, '57'), beat(3, '58'), beat(1, '59')];
      const shown = (heartbeats: object[]) =>
        success([
          { id: shop, type: 'tcp', name: 'Shop', active: false, heartbeats: [], uptime_24h: 0 },
          { id: mail, type: 'tcp', name: 'Mail relay', active: false, heartbeats, uptime_24h: 50 },
        ]);

      await expect(visitor.get(`/status-pages/slug/${name}/monitors`)).resolves.toEqual(shown(beats));
      await expect(visitor.get(`/status-pages/slug/${name}/monitors/homepage`)).resolves.toEqual(shown([beats[4]!]));

      await api.patch(`/monitors/${shop}`, { name: 'Store' });
      await api.delete(`/monitors/${mail}`);
      const { body } = await visitor.get(`/status-pages/slug/${name}/monitors`);
      expect(body.data).toEqual([expect.objectContaining({ id: shop, name: 'Store' })]);
    });

    it('shows at most 100 beats of a monitor', async () => {
      const name = slug();
      const id = await monitor();
      const minutes = Array.from({ length: 120 }, (_, i) => NOON - (120 - i) * MINUTE);
      await api.app.get(Timeline).apply(minutes.map((startedAt) => sampleResult({ monitorId: id, startedAt })));
      await create({ slug: name, monitor_ids: [id] });

      const { body } = await visitor.get(`/status-pages/slug/${name}/monitors`);
      expect(body.data[0].heartbeats).toHaveLength(100);
      expect(body.data[0].heartbeats.at(-1).time).toBe('2026-11-24T11:59:00.000Z');
    });

    it('answers 304 to those who have it', async () => {
      const name = slug();
      const id = await idOf({ slug: name });
      for (const path of [`/status-pages/slug/${name}`, `/status-pages/slug/${name}/monitors`]) {
        const { headers } = await visitor.get(path);
        const again = visitor.with({ 'if-none-match': headers.etag! });

        expect(headers).toMatchObject({ 'cache-control': 'no-cache', etag: expect.stringMatching(/^".+"$/) });
        await expect(again.get(path)).resolves.toEqual({ status: 304, body: '' });
        await expect(visitor.with({ 'if-none-match': `"x", W/${headers.etag!}` }).get(path)).resolves.toMatchObject({
          status: 304,
        });
        await expect(visitor.with({ 'if-none-match': '"x"' }).get(path)).resolves.toMatchObject({ status: 200 });
      }
      const { headers } = await visitor.get(`/status-pages/slug/${name}`);
      await api.patch(`/status-pages/${id}`, { title: 'Other' });
      await expect(
        visitor.with({ 'if-none-match': headers.etag! }).get(`/status-pages/slug/${name}`),
      ).resolves.toMatchObject({ status: 200 });
    });
  });

  describe('with a password', () => {
    const NEEDED = refused(403, 'This status page needs a password');
    const WRONG = refused(403, 'The password of this status page is another one');
    const knowing = (password: string) => visitor.with({ 'x-status-page-password': password });
    const protectedPage = async () => {
      const name = slug();
      const id = await idOf({ slug: name, domains: [`${name}.example`], password: 'open sesame' });
      const paths = [
        `slug/${name}`,
        `domain/${name}.example`,
        `slug/${name}/monitors`,
        `slug/${name}/monitors/homepage`,
      ];
      return { id, paths: paths.map((path) => `/status-pages/${path}`) };
    };

    it('is for those who know it', async () => {
      const { paths } = await protectedPage();

      for (const path of paths) {
        await expect(visitor.get(path)).resolves.toEqual(NEEDED);
        await expect(knowing('open').get(path)).resolves.toEqual(WRONG);
        const answer = await knowing('open sesame').get(path);
        expect(answer.status).toBe(200);
        expect(answer.headers['cache-control']).toBe('private, no-cache');
      }
    });

    it('never shows it, nor its hash', async () => {
      const { id, paths } = await protectedPage();
      const answers = [
        await api.get(`/status-pages/${id}`),
        await api.get('/status-pages?limit=1000'),
        await api.patch(`/status-pages/${id}`, { title: 'Other' }),
        await knowing('open sesame').get(paths[0]!),
      ];

      expect(answers[0]!.body.data.password_protected).toBe(true);
      for (const { body } of answers) expect(JSON.stringify(body)).not.toMatch(/sesame|argon2|"password"/);
    });

    it('can be changed and removed', async () => {
      const { id, paths } = await protectedPage();
      const path = paths[0]!;
      await expect(knowing('open sesame').get(path)).resolves.toMatchObject({ status: 200 });

      await api.patch(`/status-pages/${id}`, { password: 'another' });
      await expect(knowing('open sesame').get(path)).resolves.toEqual(WRONG);
      await expect(knowing('another').get(path)).resolves.toMatchObject({ status: 200 });

      await api.patch(`/status-pages/${id}`, { password: '' });
      await expect(visitor.get(path)).resolves.toMatchObject({ status: 200 });
      expect((await api.get(`/status-pages/${id}`)).body.data).not.toHaveProperty('password_protected');
    });

    it('cannot be guessed for long', async () => {
      const { paths } = await protectedPage();
      let answer = await knowing('guess 0').get(paths[0]!);
      for (let i = 1; i < 50 && answer.status === 403; i++) answer = await knowing(`guess ${i}`).get(paths[0]!);

      expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
      await expect(knowing('open sesame').get(paths[0]!)).resolves.toMatchObject({ status: 429 });
    });
  });
});
