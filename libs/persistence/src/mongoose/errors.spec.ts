import { inspect } from 'node:util';
import { mongo } from 'mongoose';
import { translate, translated, unlessThere } from './errors';

const serverError = (code: number, message = '') => new mongo.MongoServerError({ code, message, errmsg: message });
const bulkError = (...codes: number[]) =>
  new mongo.MongoBulkWriteError(
    { code: codes[0]!, message: 'failed', writeErrors: codes.map((code) => ({ code })) as never },
    { getWriteConcernError: () => undefined } as never,
  );

describe('translate', () => {
  it.each<[string, unknown, string]>([
    ['a duplicate key', serverError(11000), 'conflict'],
    ['a duplicate key as FerretDB says it', serverError(1, "UNIQUE constraint failed: index 'x'"), 'conflict'],
    ['a primary that steps down', serverError(189), 'unavailable'],
    ['a lost connection', new mongo.MongoNetworkError('connection closed'), 'unavailable'],
    ['no server', new mongo.MongoServerSelectionError('timed out', {} as never), 'unavailable'],
    ['a closed client', new mongo.MongoNotConnectedError('closed'), 'unavailable'],
  ])('knows %s', (_, error, code) => {
    expect(translate(error)).toMatchObject({ code });
  });

  it('repeats no stored value', () => {
    const error = serverError(11000, 'E11000 duplicate key error dup key: { name: "secret" }');

    expect(inspect(translate(error), { depth: 10, showHidden: true })).not.toContain('secret');
    expect(inspect(translate(serverError(2, 'bad value "secret"')), { depth: 10 })).not.toContain('secret');
  });

  it('lets other errors out as they are', async () => {
    const boom = new Error('boom');

    await expect(translated(() => Promise.reject(boom))).rejects.toBe(boom);
  });
});

describe('unlessThere', () => {
  it('takes duplicates for success, and nothing else', async () => {
    await expect(unlessThere(Promise.reject(bulkError(11000, 11000)))).resolves.toBeUndefined();
    await expect(unlessThere(Promise.reject(bulkError(11000, 2)))).rejects.toBeInstanceOf(mongo.MongoBulkWriteError);
    await expect(unlessThere(Promise.reject(new Error('boom')))).rejects.toThrow('boom');
  });
});
