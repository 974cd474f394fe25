import { newId } from '@app/core';
import type { Clock, Collection, Entity, EntityClass, New, Query, Where } from '@app/core';
import type { Access } from './access';
import type { Row } from './row-mapper';
import { RowMapper } from './row-mapper';
import { Statement } from './statement';

/**
 * Statements are written here instead of by TypeORM's query builder: hydrating its entities costs five to eight
 * times the query (measured), and lists are what clients ask for most.
 */
export class TypeOrmCollection<T extends Entity> implements Collection<T> {
  private readonly mapper: RowMapper<T>;
  private readonly table: string;

  constructor(
    entity: EntityClass<T>,
    private readonly access: Access,
    private readonly clock: Clock,
  ) {
    this.mapper = new RowMapper(entity);
    this.table = access.dialect.quote(this.mapper.table);
  }

  async insert(values: New<T>): Promise<T> {
    const [entity] = await this.insertMany([values]);
    return entity!;
  }

  async insertMany(values: readonly New<T>[]): Promise<T[]> {
    if (values.length === 0) return [];
    const now = this.clock.now();
    const rows = values.map((value) =>
      this.mapper.toRow({ ...value, id: value.id ?? newId(now), createdAt: now, updatedAt: now }),
    );
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const perStatement = Math.floor(this.access.dialect.maxParameters / columns.length);
    if (rows.length <= perStatement) await this.insertRows(columns, rows);
    else await this.access.transaction(() => this.insertInParts(columns, rows, perStatement));
    return rows.map((row) => this.mapper.toEntity(this.mapper.columns.map((column) => row[column])));
  }

  async find(query: Query<T> = {}): Promise<T[]> {
    const statement = new Statement(this.access.dialect);
    const where = statement.where(query.where, this.mapper.fields);
    const tail = statement.tail(query, this.mapper.fields);
    const rest = `FROM ${this.table}${where}${tail}`;
    const tuples = await this.access.select(this.mapper.columns, rest, statement.values);
    return tuples.map((tuple) => this.mapper.toEntity(tuple));
  }

  async findOne(where: Where<T>): Promise<T | null> {
    const [entity] = await this.find({ where, limit: 1 });
    return entity ?? null;
  }

  async count(where: Where<T> = {}): Promise<number> {
    const statement = new Statement(this.access.dialect);
    const condition = statement.where(where, this.mapper.fields);
    return this.access.count(`FROM ${this.table}${condition}`, statement.values);
  }

  async update(where: Where<T>, changes: Partial<New<T>>): Promise<number> {
    const statement = new Statement(this.access.dialect);
    const row = this.mapper.toRow({ ...changes, updatedAt: this.clock.now() });
    const sets = Object.entries(row).map(
      ([column, value]) => `${this.access.dialect.quote(column)} = ${statement.bind(value)}`,
    );
    const condition = this.narrow(statement, where);
    return this.access.write(`UPDATE ${this.table} SET ${sets.join(', ')}${condition}`, statement.values);
  }

  async delete(where: Where<T>): Promise<number> {
    const statement = new Statement(this.access.dialect);
    const condition = this.narrow(statement, where);
    return this.access.write(`DELETE FROM ${this.table}${condition}`, statement.values);
  }

  private async insertInParts(columns: string[], rows: Row[], perStatement: number): Promise<void> {
    for (let i = 0; i < rows.length; i += perStatement) await this.insertRows(columns, rows.slice(i, i + perStatement));
  }

  private async insertRows(columns: string[], rows: Row[]): Promise<void> {
    const statement = new Statement(this.access.dialect);
    const tuples = rows.map((row) => `(${columns.map((column) => statement.bind(row[column] ?? null)).join(', ')})`);
    const names = columns.map((column) => this.access.dialect.quote(column)).join(', ');
    await this.access.write(`INSERT INTO ${this.table} (${names}) VALUES ${tuples.join(', ')}`, statement.values);
  }

  /** An empty filter would change everything: that is never meant. */
  private narrow(statement: Statement, where: Where<T>): string {
    const condition = statement.where(where, this.mapper.fields);
    if (!condition) throw new Error(`refused to change all of ${this.mapper.table}: the filter is empty`);
    return condition;
  }
}
