import type { OpenMongo } from '@app/persistence/mongoose';

type Db = OpenMongo['db'];

const COMMANDS = new Set([
  'bulkWrite',
  'insertOne',
  'insertMany',
  'updateOne',
  'updateMany',
  'deleteOne',
  'deleteMany',
  'findOne',
  'findOneAndUpdate',
  'countDocuments',
  'distinct',
]);
const CURSORS = new Set(['find', 'aggregate']);

/**
 * A database handle of a process that dies at a chosen command. Commands that were sent together with that one may
 * still arrive: `alsoLost` says which of them do not.
 */
export class MortalDatabase {
  readonly db: Db;
  private sent = 0;
  private dead = false;

  constructor(
    db: Db,
    private readonly diesAt = Infinity,
    private readonly alsoLost: (command: number) => boolean = () => true,
  ) {
    this.db = new Proxy(db, {
      get: (target, property) => {
        if (property === 'collection') return (name: string) => this.collection(target.collection(name));
        const value: unknown = Reflect.get(target, property);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  get commands(): number {
    return this.sent;
  }

  private collection(collection: object): object {
    return new Proxy(collection, {
      get: (target, property) => {
        const value = Reflect.get(target, property) as (...args: unknown[]) => unknown;
        if (COMMANDS.has(String(property))) {
          return (...args: unknown[]) => this.send(() => value.apply(target, args) as Promise<unknown>);
        }
        if (CURSORS.has(String(property))) {
          return (...args: unknown[]) => this.cursor(value.apply(target, args) as object);
        }
        return value;
      },
    });
  }

  private cursor(cursor: object): object {
    return new Proxy(cursor, {
      get: (target, property, proxy) => {
        const value = Reflect.get(target, property) as (...args: unknown[]) => unknown;
        if (property === 'toArray') return () => this.send(() => value.call(target) as Promise<unknown>);
        return (...args: unknown[]) => {
          value.apply(target, args);
          return proxy as object;
        };
      },
    });
  }

  private send(command: () => Promise<unknown>): Promise<unknown> {
    const number = ++this.sent;
    const lost = this.dead || number === this.diesAt || (number > this.diesAt && this.alsoLost(number));
    if (number >= this.diesAt) setImmediate(() => (this.dead = true));
    return lost ? Promise.reject(new Error('killed')) : command();
  }
}
