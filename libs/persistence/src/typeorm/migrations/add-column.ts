import type { QueryRunner } from 'typeorm';
import { TableColumn, TableIndex } from 'typeorm';
import { columnName } from '../dialect';
import { dialectOf } from '../dialects';
import { indexName } from '../entity-schemas';

/**
 * Adds a nullable text of up to `max` characters to a table that is there, with an index of its own. Passes over what
 * is done already: on MySQL a migration that was cut off leaves the steps that it took.
 */
export async function addTextColumn(runner: QueryRunner, table: string, property: string, max: number): Promise<void> {
  const found = (await runner.getTable(table))!;
  if (!found.findColumnByName(columnName(property))) await addColumn(runner, table, property, max);
  const name = indexName(table, [property]);
  if (found.indices.some((index) => index.name === name)) return;
  await runner.createIndex(table, new TableIndex({ name, columnNames: [columnName(property)] }));
}

async function addColumn(runner: QueryRunner, table: string, property: string, max: number): Promise<void> {
  const dialect = dialectOf(runner);
  const name = columnName(property);
  const { type, length, charset, collation } = dialect.column({
    ...{ kind: 'text', max, nullable: true, unique: false, search: false },
  });
  const size = length === undefined ? '' : `(${length})`;
  if (dialect.name === 'sqlite') {
    // TypeORM would copy the whole table, and dropping the old one would take all that refers to it along.
    await runner.query(`ALTER TABLE ${dialect.quote(table)} ADD COLUMN ${dialect.quote(name)} ${String(type)}${size}`);
  } else {
    const options = { name, type: String(type), length: length === undefined ? undefined : String(length) };
    await runner.addColumn(table, new TableColumn({ ...options, charset, collation, isNullable: true }));
  }
}

export async function dropTextColumn(runner: QueryRunner, table: string, property: string): Promise<void> {
  const { quote } = dialectOf(runner);
  await runner.dropIndex(table, indexName(table, [property]));
  await runner.query(`ALTER TABLE ${quote(table)} DROP COLUMN ${quote(columnName(property))}`);
}
