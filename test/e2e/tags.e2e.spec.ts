import { useApi } from '../support/api';
import { FakeClock } from '../support/clock';
import { monitorBody } from '../support/monitors';
import { AN_ID, NOBODY, created, refused, success } from '../support/wire';

const NOW = '2026-11-24T12:00:00.000Z';
const LATER = '2026-11-24T12:00:05.000Z';
const UNKNOWN = refused(404, 'Tag not found');
const TAKEN = refused(409, 'Tag with this name already exists');

const tag = (values: object = {}) => ({ name: 'Production', color: '#3B82F6', description: 'live systems', ...values });
const stored = (values: object = {}) => ({ id: AN_ID, ...tag(), created_at: NOW, updated_at: NOW, ...values });

describe('POST /tags', () => {
  const api = useApi({ clock: new FakeClock() });

  it('stores a tag and returns the stored row', async () => {
    const answer = await api.post('/tags', tag());

    expect(answer).toEqual(created('Tag created successfully', stored()));
    await expect(api.get(`/tags/${answer.body.data.id}`)).resolves.toEqual(success(answer.body.data));
  });

  it('ignores unknown keys and keeps null and the empty description apart', async () => {
    await expect(api.post('/tags', { name: 'a', color: '#abc', id: NOBODY, foo: 1 })).resolves.toMatchObject(
      created('Tag created successfully', { id: AN_ID, description: null }),
    );
    await expect(api.post('/tags', { name: 'b', color: '#abcd', description: '' })).resolves.toMatchObject(
      created('Tag created successfully', { description: '' }),
    );
  });

  it.each(['x', 'ä'.repeat(100), '😀'.repeat(100), ' padded '])('takes the name %j', async (name) => {
    await expect(api.post('/tags', tag({ name }))).resolves.toMatchObject(
      created('Tag created successfully', { name }),
    );
  });

  it.each(['#abc', '#abcd', '#aabbcc', '#AABBCCDD'])('takes the colour %s', async (color) => {
    await expect(api.post('/tags', { name: `colour ${color}`, color })).resolves.toMatchObject({ status: 201 });
  });

  it.each([
    ['nothing', {}, 'name is required; color is required'],
    ['an empty name', tag({ name: '' }), 'name is required'],
    ['a blank name', tag({ name: ' \t ' }), 'name must not be blank'],
    ['a long name', tag({ name: 'n'.repeat(101) }), 'name must be at most 100 characters'],
    ['a number as name', tag({ name: 1 }), 'name must be a string'],
    ['no colour', tag({ color: null }), 'color is required'],
    ['the name of a colour', tag({ color: 'red' }), 'color must be a colour such as #3B82F6'],
    ['a colour without #', tag({ color: 'aabbcc' }), 'color must be a colour such as #3B82F6'],
    ['five digits', tag({ color: '#aabbc' }), 'color must be a colour such as #3B82F6'],
    ['a line after the colour', tag({ color: '#abc\n' }), 'color must be a colour such as #3B82F6'],
    ['a number as description', tag({ description: 1 }), 'description must be a string'],
  ])('refuses %s', async (_, body, message) => {
    await expect(api.post('/tags', body)).resolves.toEqual(refused(400, message));
  });

  it('refuses a name that exists, but takes it in another letter case', async () => {
    await expect(api.post('/tags', tag({ color: '#000' }))).resolves.toEqual(TAKEN);
    await expect(api.post('/tags', tag({ name: 'PRODUCTION' }))).resolves.toMatchObject({ status: 201 });
  });

  it('lets one of many simultaneous creations win', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.post('/tags', tag({ name: 'race' }))));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
  });
});

describe('GET /tags', () => {
  const api = useApi();
  const names = async (query: string) => {
    const { body } = await api.get(`/tags${query}`);
    return (body.data as { name: string }[]).map(({ name }) => name);
  };

  it('is an empty list at first', async () => {
    await expect(api.get('/tags')).resolves.toEqual(success([]));
  });

  describe('with tags', () => {
    beforeAll(async () => {
      for (const name of ['beta', 'alpha', 'ALPHA 2', '100%', 'a_b', 'axb', 'back\\slash', 'ÄRGER']) {
        await api.post('/tags', { name, color: '#fff' });
      }
      await Promise.all(Array.from({ length: 5 }, (_, i) => api.post('/tags', { name: `zz${i}`, color: '#fff' })));
    });

    it('has the first ten by name', async () => {
      await expect(names('')).resolves.toEqual([
        '100%',
        'ALPHA 2',
        'a_b',
        'alpha',
        'axb',
        'back\\slash',
        'beta',
        'zz0',
        'zz1',
        'zz2',
      ]);
    });

    it.each([
      ['?page=1&limit=3', ['alpha', 'axb', 'back\\slash']],
      ['?page=4&limit=3', ['ÄRGER']],
      ['?page=5&limit=3', []],
      ['?limit=5000&q=zz', ['zz0', 'zz1', 'zz2', 'zz3', 'zz4']],
      ['?q=alpha', ['ALPHA 2', 'alpha']],
      ['?q=ALPHA', ['ALPHA 2', 'alpha']],
      ['?q=%C3%A4rger', ['ÄRGER']],
      ['?q=%25', ['100%']],
      ['?q=a_b', ['a_b']],
      ['?q=%5C', ['back\\slash']],
      ['?q=.*', []],
      ['?q=&limit=1', ['100%']],
    ])('answers %s', async (query, expected) => {
      await expect(names(query)).resolves.toEqual(expected);
    });
  });

  it.each([
    ['page=-1', 'Invalid page parameter'],
    ['page=x&limit=x', 'Invalid page parameter'],
    ['limit=0', 'Invalid limit parameter'],
    ['limit=1.5', 'Invalid limit parameter'],
  ])('refuses %s', async (query, message) => {
    await expect(api.get(`/tags?${query}`)).resolves.toEqual(refused(400, message));
  });
});

describe('one tag', () => {
  const clock = new FakeClock();
  const api = useApi({ clock });
  let id = '';

  beforeAll(async () => {
    id = (await api.post('/tags', tag())).body.data.id as string;
    await api.post('/tags', tag({ name: 'staging' }));
    clock.advance(5000);
  });

  it('is replaced by PUT, which clears an absent description', async () => {
    const expected = stored({ id, name: 'Prod', color: '#aaa', description: null, updated_at: LATER });

    await expect(api.put(`/tags/${id}`, { name: 'Prod', color: '#aaa' })).resolves.toEqual(
      success(expected, 'Tag updated successfully'),
    );
    await expect(api.get(`/tags/${id}`)).resolves.toEqual(success(expected));
  });

  it('keeps what PATCH does not name', async () => {
    await api.put(`/tags/${id}`, { name: 'Prod', color: '#aaa', description: 'kept' });

    await expect(api.patch(`/tags/${id}`, { color: '#bbb' })).resolves.toEqual(
      success(
        stored({ id, name: 'Prod', color: '#bbb', description: 'kept', updated_at: LATER }),
        'Tag updated successfully',
      ),
    );
  });

  it.each([
    ['null clears the description', { description: null }, { description: null }],
    ['"" empties the description', { description: '' }, { description: '' }],
    ['null leaves name and colour', { name: null, color: null }, { name: 'Prod' }],
    ['{} leaves everything', {}, { name: 'Prod' }],
    ['its own name is not taken', { name: 'Prod' }, { name: 'Prod' }],
  ])('PATCH: %s', async (_, body, expected) => {
    await api.put(`/tags/${id}`, { name: 'Prod', color: '#aaa', description: 'd' });

    const answer = await api.patch(`/tags/${id}`, body);

    expect(answer.status).toBe(200);
    expect(answer.body.data).toMatchObject({ color: '#aaa', ...expected });
  });

  it('leaves updated_at alone when PATCH changes nothing', async () => {
    clock.advance(60_000);

    await expect(api.patch(`/tags/${id}`, {})).resolves.toMatchObject({ body: { data: { updated_at: LATER } } });
  });

  it.each([
    ['put', {}, 'name is required; color is required'],
    ['put', tag({ color: 'blue' }), 'color must be a colour such as #3B82F6'],
    ['patch', { name: '' }, 'name is required'],
    ['patch', { name: '  ' }, 'name must not be blank'],
    ['patch', { color: '' }, 'color must be a colour such as #3B82F6'],
    ['patch', { color: 1 }, 'color must be a string'],
  ] as const)('refuses %s of %j', async (method, body, message) => {
    await expect(api[method](`/tags/${id}`, body)).resolves.toEqual(refused(400, message));
  });

  it('does not take the name of another', async () => {
    await expect(api.put(`/tags/${id}`, tag({ name: 'staging' }))).resolves.toEqual(TAKEN);
    await expect(api.patch(`/tags/${id}`, { name: 'staging' })).resolves.toEqual(TAKEN);
  });

  it.each([NOBODY, 'abc', '%00', encodeURIComponent("' OR 1=1")])('is not found as %s', async (unknown) => {
    await expect(api.get(`/tags/${unknown}`)).resolves.toEqual(UNKNOWN);
    await expect(api.put(`/tags/${unknown}`, tag({ name: 'ghost' }))).resolves.toEqual(UNKNOWN);
    await expect(api.patch(`/tags/${unknown}`, { color: '#fff' })).resolves.toEqual(UNKNOWN);
    await expect(api.patch(`/tags/${unknown}`, {})).resolves.toEqual(UNKNOWN);
    await expect(api.delete(`/tags/${unknown}`)).resolves.toEqual(success(null, 'Tag deleted successfully'));
  });

  it('is found by its id in any letter case', async () => {
    await expect(api.get(`/tags/${id.toUpperCase()}`)).resolves.toMatchObject({ status: 200 });
  });

  it('leaves its monitors when it is deleted, as often as one likes', async () => {
    const other = (await api.post('/tags', tag({ name: 'other' }))).body.data.id as string;
    const monitor = await api.post('/monitors', monitorBody({ active: false, tag_ids: [other, id] }));

    await expect(api.delete(`/tags/${id}`)).resolves.toEqual(success(null, 'Tag deleted successfully'));
    await expect(api.delete(`/tags/${id}`)).resolves.toEqual(success(null, 'Tag deleted successfully'));

    await expect(api.get(`/tags/${id}`)).resolves.toEqual(UNKNOWN);
    await expect(api.get(`/monitors/${monitor.body.data.id}`)).resolves.toMatchObject({
      body: { data: { tag_ids: [other] } },
    });
  });
});
