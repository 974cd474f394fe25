import type { Field } from '@app/core';
import { Table, TableColumn, TableForeignKey, TableIndex } from 'typeorm';
import type { Dialect } from '../dialect';
import { foreignKeyName, indexName } from '../entity-schemas';
import { columnName, foldedColumn, foldedField } from '../dialect';

interface TextOptions {
  nullable?: boolean;
  unique?: boolean;
  search?: boolean;
}

/**
 * Writes a table down for any SQL dialect, in the words of the neutral decorators. Migrations spell their tables out
 * instead of reading the entities, because entities move on and a migration must not.
 */
export class TableBuilder {
  private readonly columns: TableColumn[] = [];
  private readonly indices: TableIndex[] = [];
  private readonly foreignKeys: TableForeignKey[] = [];

  constructor(
    private readonly name: string,
    private readonly dialect: Dialect,
  ) {
    this.text('id', 36, { primary: true }).instant('createdAt').instant('updatedAt');
  }

  /** `max` in characters, 0 = long text. */
  text(property: string, max: number, options: TextOptions & { primary?: boolean } = {}): this {
    const { nullable = false, unique = false, search = false, primary = false } = options;
    const field: Field = { kind: 'text', max, nullable, unique, search };
    this.add(columnName(property), field, primary);
    if (search) this.add(foldedColumn(property), foldedField(field));
    return unique ? this.index([property], true) : this;
  }

  int(property: string, { nullable = false } = {}): this {
    return this.add(columnName(property), { kind: 'int', nullable, unique: false });
  }

  flag(property: string): this {
    return this.add(columnName(property), { kind: 'flag', nullable: false, unique: false });
  }

  instant(property: string, { nullable = false } = {}): this {
    return this.add(columnName(property), { kind: 'instant', nullable, unique: false });
  }

  ref(property: string, table: string, onDelete: 'cascade' | 'clear'): this {
    const nullable = onDelete === 'clear';
    this.add(columnName(property), { kind: 'text', max: 36, nullable, unique: false, search: false });
    this.foreignKeys.push(
      new TableForeignKey({
        name: foreignKeyName(this.name, property),
        columnNames: [columnName(property)],
        referencedTableName: table,
        referencedColumnNames: ['id'],
        onDelete: onDelete === 'cascade' ? 'CASCADE' : 'SET NULL',
        onUpdate: 'NO ACTION', // said or not is a difference to MariaDB
      }),
    );
    return this;
  }

  index(properties: string[], unique = false): this {
    const columnNames = properties.map(columnName);
    this.indices.push(new TableIndex({ name: indexName(this.name, properties), columnNames, isUnique: unique }));
    return this;
  }

  build(): Table {
    return new Table({
      name: this.name,
      columns: this.columns,
      indices: this.indices,
      foreignKeys: this.foreignKeys,
    });
  }

  private add(name: string, field: Field, isPrimary = false): this {
    const { type, length, charset, collation } = this.dialect.column(field);
    this.columns.push(
      new TableColumn({
        name,
        type: type as string,
        length: length === undefined ? undefined : String(length),
        charset,
        collation,
        isNullable: field.nullable,
        isPrimary,
      }),
    );
    return this;
  }
}
