import { gate } from '../../../../test/contract/waiting';
import type { QueryRunner } from 'typeorm';
import { WriteGate } from './write-gate';

/** Notes what is sent to the database instead of sending it. */
function noting(log: string[], fail?: string): () => QueryRunner {
  const query = (sql: string) => {
    log.push(sql);
    return sql === fail ? Promise.reject(new Error(`${sql} failed`)) : Promise.resolve();
  };
  return () => ({ query, release: () => Promise.resolve() }) as unknown as QueryRunner;
}

describe('WriteGate', () => {
  let writes: WriteGate;
  let log: string[];

  beforeEach(() => {
    writes = new WriteGate();
    log = [];
  });

  const note = (text: string) => () => {
    log.push(text);
  };

  it('lets one writer in at a time, in the order in which they came', async () => {
    const first = gate();
    const turns = [
      writes.exclusive(async () => {
        log.push('first in');
        await first.passed;
        log.push('first out');
      }),
      writes.exclusive(note('second')),
      writes.exclusive(note('third')),
    ];
    first.open();
    await Promise.all(turns);

    expect(log).toEqual(['first in', 'first out', 'second', 'third']);
  });

  it('goes on after a writer that failed', async () => {
    const failing = writes.exclusive(() => Promise.reject(new Error('disk')));
    const next = writes.exclusive(() => 'written');

    await expect(failing).rejects.toThrow('disk');
    await expect(next).resolves.toBe('written');
  });

  it('brackets one transaction after the other', async () => {
    const turns = ['first', 'second'].map((text) =>
      writes.transaction(noting(log), async () => {
        await Promise.resolve();
        await writes.exclusive(note(text));
      }),
    );
    await Promise.all(turns);

    expect(log).toEqual(['BEGIN IMMEDIATE', 'first', 'COMMIT', 'BEGIN IMMEDIATE', 'second', 'COMMIT']);
  });

  it('brackets the work of a transaction, writes inside included', async () => {
    const result = await writes.transaction(noting(log), async () => {
      await writes.exclusive(note('write'));
      await writes.transaction(noting(log), () => writes.exclusive(note('nested write')));
      return 'done';
    });

    expect(result).toBe('done');
    expect(log).toEqual(['BEGIN IMMEDIATE', 'write', 'nested write', 'COMMIT']);
  });

  it('keeps everybody else out while a transaction is open', async () => {
    const [opened, end] = [gate(), gate()];
    const transaction = writes.transaction(noting(log), async () => {
      opened.open();
      await end.passed;
      log.push('work');
    });
    await opened.passed;
    const others = [writes.exclusive(note('other')), writes.transaction(noting(log), () => Promise.resolve())];
    end.open();
    await Promise.all([transaction, ...others]);

    expect(log).toEqual(['BEGIN IMMEDIATE', 'work', 'COMMIT', 'other', 'BEGIN IMMEDIATE', 'COMMIT']);
  });

  it('rolls back when the work fails, and lets its error out', async () => {
    const error = new Error('work');

    await expect(writes.transaction(noting(log), () => Promise.reject(error))).rejects.toBe(error);

    expect(log).toEqual(['BEGIN IMMEDIATE', 'ROLLBACK']);
  });

  it.each(['COMMIT', 'BEGIN IMMEDIATE'])('lets the next one in when %s fails', async (statement) => {
    const failing = writes.transaction(noting(log, statement), () => Promise.resolve());

    await expect(failing).rejects.toThrow(`${statement} failed`);
    await expect(writes.exclusive(() => 'written')).resolves.toBe('written');
  });

  it('reports why the work failed, not that there was nothing left to roll back', async () => {
    const failing = writes.transaction(noting(log, 'ROLLBACK'), () => Promise.reject(new Error('disk full')));

    await expect(failing).rejects.toThrow('disk full');
  });

  it.each([
    ['commits', () => Promise.resolve(), 'COMMIT'],
    ['rolls back', () => Promise.reject(new Error('work')), 'ROLLBACK'],
  ])('%s only when the writes are over that the work did not wait for', async (_, end, last) => {
    const slow = gate();
    const transaction = writes.transaction(noting(log), () => {
      void writes.exclusive(async () => {
        await slow.passed;
        log.push('straggler');
      });
      setImmediate(slow.open);
      return end();
    });
    await transaction.catch(() => undefined);

    expect(log).toEqual(['BEGIN IMMEDIATE', 'straggler', last]);
  });

  it('counts a write that comes after the end as one of its own', async () => {
    const ended = gate();
    let late: Promise<unknown> = Promise.resolve();
    await writes.transaction(noting(log), () => {
      late = ended.passed.then(() => writes.exclusive(note(writes.transactionRunner ? 'inside' : 'on its own')));
      return Promise.resolve();
    });
    ended.open();
    await late;

    expect(log).toEqual(['BEGIN IMMEDIATE', 'COMMIT', 'on its own']);
  });
});
