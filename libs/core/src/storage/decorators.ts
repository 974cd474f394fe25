/** One stored field, as every engine needs to know it. */
export type Field =
  | { kind: 'text'; max: number; nullable: boolean; unique: boolean; search: boolean }
  | { kind: 'int'; nullable: boolean; unique: boolean }
  | { kind: 'flag'; nullable: boolean; unique: boolean }
  | { kind: 'instant'; nullable: boolean; unique: boolean }
  | { kind: 'ref'; target: () => EntityClass; onDelete: 'cascade' | 'clear'; nullable: boolean; unique: boolean };

export interface EntityModel {
  /** Table or collection. */
  name: string;
  fields: Map<string, Field>;
  indexes: { fields: string[]; unique: boolean }[];
}

// The constructor's arguments are of no interest here, and `never[]` takes any.
export type EntityClass<T = object> = abstract new (...args: never[]) => T;

const models = new WeakMap<object, EntityModel>();

function modelFor(prototype: object): EntityModel {
  let model = models.get(prototype);
  if (!model) {
    const parent = models.get(Object.getPrototypeOf(prototype) as object);
    model = { name: '', fields: new Map(parent?.fields), indexes: [...(parent?.indexes ?? [])] };
    models.set(prototype, model);
  }
  return model;
}

function define(field: Field): PropertyDecorator {
  return (prototype, property) => {
    modelFor(prototype).fields.set(String(property), field);
  };
}

/** Marks a class as a kind of record; `name` is its table or collection. */
export function Stored(name: string): ClassDecorator {
  return (target) => {
    modelFor(target.prototype as object).name = name;
  };
}

/** An index over several fields, in this order. */
export function Index(fields: string[], options: { unique?: boolean } = {}): ClassDecorator {
  return (target) => {
    modelFor(target.prototype as object).indexes.push({ fields, unique: options.unique ?? false });
  };
}

interface Common {
  nullable?: boolean;
  unique?: boolean;
}

/** Text, compared by code point. `max` in characters, 0 = long text; `search` lets `contains` find it in any case. */
export function Text(options: Common & { max?: number; search?: boolean } = {}): PropertyDecorator {
  const { max = 0, nullable = false, unique = false, search = false } = options;
  return define({ kind: 'text', max, nullable, unique, search });
}

/** A whole number of up to 53 bits. */
export function Int({ nullable = false, unique = false }: Common = {}): PropertyDecorator {
  return define({ kind: 'int', nullable, unique });
}

export function Flag({ nullable = false, unique = false }: Common = {}): PropertyDecorator {
  return define({ kind: 'flag', nullable, unique });
}

/** A `Date`, kept to the millisecond. */
export function Instant({ nullable = false, unique = false }: Common = {}): PropertyDecorator {
  return define({ kind: 'instant', nullable, unique });
}

/** The id of another record. `clear` needs a nullable field: it becomes null when the other one goes. */
export function Ref(target: () => EntityClass, options: Common & { onDelete: 'cascade' | 'clear' }): PropertyDecorator {
  const { nullable = false, unique = false, onDelete } = options;
  return define({ kind: 'ref', target, onDelete, nullable, unique });
}

/** @throws Error when the class is not `@Stored`. */
export function modelOf(entity: EntityClass): EntityModel {
  const model = models.get(entity.prototype as object);
  if (!model?.name) throw new Error(`${entity.name} is not @Stored`);
  return model;
}

/** What every record has. Set by the store: never by its callers. */
export abstract class Entity {
  /** UUID v7, lower case. */
  @Text({ max: 36 }) id!: string;
  @Instant() createdAt!: Date;
  @Instant() updatedAt!: Date;
}

/** How text is folded for searching: the same on every engine, because the store does it. */
export function foldCase(text: string): string {
  // A sigma at the end of a word has a lower case of its own; folded, a part of a word has to look as inside it.
  return text.normalize('NFC').toLowerCase().replaceAll('ς', 'σ');
}
