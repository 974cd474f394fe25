import type { mongo } from 'mongoose';
import { documentField } from '../store/document-mapper';
import { indexName } from '../schemas';

interface IndexOptions {
  unique?: boolean;
  /** Leaves documents out that have none of the fields. */
  sparse?: boolean;
}

/**
 * Writes down what a migration makes of a collection. Spelt out instead of read from the entities, because entities
 * move on and a migration must not. Making what is there already changes nothing, so a migration that was cut off can
 * run again.
 */
export class CollectionBuilder {
  private readonly indexes: mongo.IndexDescription[] = [];

  constructor(private readonly name: string) {}

  index(properties: string[], { unique, sparse }: IndexOptions = {}): this {
    this.indexes.push({
      name: indexName(this.name, properties),
      key: Object.fromEntries(properties.map((property) => [documentField(property), 1])),
      ...(unique && { unique }),
      ...(sparse && { sparse }),
    });
    return this;
  }

  async create(db: mongo.Db): Promise<void> {
    const there = await db.listCollections({ name: this.name }, { nameOnly: true }).toArray();
    if (there.length === 0) await db.createCollection(this.name);
    const collection = db.collection(this.name);
    const known = new Set((await collection.listIndexes().toArray()).map(({ name }) => name as string));
    // One by one: FerretDB crashes when some of several are there already.
    for (const index of this.indexes) if (!known.has(index.name!)) await collection.createIndexes([index]);
  }

  static async drop(db: mongo.Db, name: string): Promise<void> {
    const there = await db.listCollections({ name }, { nameOnly: true }).toArray();
    if (there.length > 0) await db.dropCollection(name);
  }
}
