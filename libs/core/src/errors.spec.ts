import { AppError, StartupError, explain, isAppError, messageOf } from './errors';

describe('AppError', () => {
  it('carries a code, a message, a cause and when to try again', () => {
    const cause = new Error('driver');

    const error = new AppError('too_many_requests', 'Slow down', { cause, retryAfterSeconds: 7, body: { a: 1 } });

    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'AppError',
      code: 'too_many_requests',
      message: 'Slow down',
      cause,
      retryAfterSeconds: 7,
      body: { a: 1 },
    });
  });
});

describe('isAppError', () => {
  it.each<[string, unknown, boolean]>([
    ['one with the code', new AppError('conflict', 'x'), true],
    ['one with another code', new AppError('invalid', 'x'), false],
    ['another error', new Error('conflict'), false],
    ['something that looks like one', { code: 'conflict', message: 'x' }, false],
    ['nothing', undefined, false],
  ])('tells %s', (_, error, expected) => {
    expect(isAppError(error, 'conflict')).toBe(expected);
  });

  it('takes any code when none is asked for', () => {
    expect(isAppError(new AppError('invalid', 'x'))).toBe(true);
  });
});

describe('explain', () => {
  const taken = new AppError('conflict', 'a unique value is taken');

  it('replaces the message of an error with the code, and keeps it as cause', async () => {
    const explained = Promise.reject(taken).catch(explain('conflict', 'Tag with this name already exists'));

    await expect(explained).rejects.toMatchObject({
      code: 'conflict',
      message: 'Tag with this name already exists',
      cause: taken,
    });
  });

  it('replaces the code as well when told to', async () => {
    const explained = Promise.reject(taken).catch(explain('conflict', 'No', 'invalid'));

    await expect(explained).rejects.toMatchObject({ code: 'invalid', message: 'No' });
  });

  it.each<unknown>([new AppError('invalid', 'x'), new Error('disk')])('lets %s pass as it is', async (error) => {
    await expect(Promise.reject(error as Error).catch(explain('conflict', 'taken'))).rejects.toBe(error);
  });
});

describe('messageOf', () => {
  it.each<[string, unknown, string]>([
    ['an error', new Error('away'), 'away'],
    ['a text', 'away', 'away'],
    ['a number', 7, '7'],
    ['nothing', undefined, 'undefined'],
    ['several errors without a message of their own: the first', new AggregateError([new Error('a'), 'b']), 'a'],
    ['several errors with one', new AggregateError([new Error('a')], 'all failed'), 'all failed'],
    ['an empty collection of errors', new AggregateError([]), ''],
  ])('reads %s', (_, error, expected) => {
    expect(messageOf(error)).toBe(expected);
  });
});

describe('StartupError', () => {
  it('is told apart from other errors and keeps its cause', () => {
    const cause = new Error('EACCES');

    expect(new StartupError('cannot start', { cause })).toMatchObject({ name: 'StartupError', cause });
  });
});
