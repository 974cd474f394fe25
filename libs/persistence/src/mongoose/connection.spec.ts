import { StartupError, loadEnv } from '@app/core';
import { mongo } from 'mongoose';
import { explained } from './connection';
import { connectionOptions, placeOf } from './mongo.options';

const env = (values: Record<string, string> = {}) =>
  loadEnv({ DB_TYPE: 'mongo', DB_HOST: 'db.example.org', DB_PORT: '27017', DB_NAME: 'peekaping', ...values });

describe('connectionOptions', () => {
  it.each([
    ['db.example.org', 'mongodb://db.example.org:27017/'],
    ['a, b:27018,c', 'mongodb://a:27017,b:27018,c:27017/'],
    ['::1', 'mongodb://[::1]:27017/'],
    ['[::1]:27018', 'mongodb://[::1]:27018/'],
  ])('finds the hosts in %j', (DB_HOST, uri) => {
    expect(connectionOptions(env({ DB_HOST })).uri).toBe(uri);
  });

  it('keeps the password out of the URI, whatever characters it has', () => {
    const options = connectionOptions(env({ DB_USER: 'a@b', DB_PASS: 'p:/?#@' }));

    expect(options).toMatchObject({ auth: { username: 'a@b', password: 'p:/?#@' }, authSource: 'admin' });
    expect(options.uri).not.toContain('p:');
  });

  it('asks for no user where none is told', () => {
    expect(connectionOptions(env())).not.toHaveProperty('auth');
  });

  it.each([
    ['off', {}, ['tls', 'tlsAllowInvalidCertificates']],
    ['on', { tls: true, tlsAllowInvalidCertificates: false }, []],
    ['unverified', { tls: true, tlsAllowInvalidCertificates: true }, []],
  ])('encrypts with DB_TLS=%s', (DB_TLS, has, hasNot) => {
    const options = connectionOptions(env({ DB_TLS }));

    expect(options).toMatchObject(has);
    for (const name of hasNot) expect(options).not.toHaveProperty(name);
  });
});

describe('explained', () => {
  const serverError = (code: number) => new mongo.MongoServerError({ code, message: 'no', errmsg: 'no' });

  it.each<[string, unknown, string[]]>([
    ['a wrong password', serverError(18), ['DB_USER', 'DB_PASS']],
    ['a user without rights', serverError(13), ['DB_USER', 'readWrite', 'DB_NAME']],
    [
      'a server that is not there',
      new mongo.MongoServerSelectionError('connect ECONNREFUSED', {} as never),
      ['DB_HOST'],
    ],
    ['anything else', new Error('odd'), ['DB_HOST', 'odd']],
  ])('names the variables for %s', (_, error, words) => {
    const told = explained(error, env({ DB_USER: 'someone', DB_PASS: 'open-sesame' }));

    expect(told).toBeInstanceOf(StartupError);
    for (const word of [placeOf(env()), ...words]) expect(told.message).toContain(word);
    expect(told.message).not.toContain('open-sesame');
    expect(told.message).not.toContain('\n');
  });
});
