import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { registerDecorator } from 'class-validator';

interface FieldOptions {
  description?: string;
  example?: unknown;
  /** May be absent or null. */
  optional?: boolean;
  /** Null means something of its own: documented as such. */
  nullable?: boolean;
  /** How the field is called in messages; default its name on the wire. */
  label?: string;
}

/** @returns what is wrong with a value that is there ("must be a string"), or null. */
type Check = (value: unknown) => string | null;

/** A DTO property that is checked by one rule set, and documented from the same options. */
function field(check: Check, options: FieldOptions, documentation: ApiPropertyOptions): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      description: options.description,
      example: options.example,
      required: !options.optional,
      nullable: options.nullable,
      ...documentation,
    } as ApiPropertyOptions),
    (target: object, property: string | symbol) => {
      const name = options.label ?? String(property);
      const problem = (value: unknown): string | null => {
        if (value === undefined || value === null) return options.optional ? null : `${name} is required`;
        const text = check(value);
        return text === null ? null : text.startsWith('!') ? text.slice(1) : `${name} ${text}`;
      };
      registerDecorator({
        name: 'field',
        target: target.constructor,
        propertyName: String(property),
        validator: {
          validate: (value: unknown) => problem(value) === null,
          defaultMessage: (args) => problem(args?.value) ?? '',
        },
      });
    },
  );
}

export interface TextOptions extends FieldOptions {
  /** In characters (code points). A `min` of 1 or more also refuses the empty text. */
  min?: number;
  max?: number;
  /** Blanks alone do not count as text. */
  notBlank?: boolean;
  /** Whole messages instead of the usual ones, for texts that clients know. */
  emptyMessage?: string;
  rule?: { test: (text: string) => boolean; message: string; whole?: boolean };
  enum?: readonly string[];
  format?: string;
}

export function TextField(options: TextOptions = {}): PropertyDecorator {
  const { min = 0, max = Infinity, notBlank, rule, enum: values } = options;
  const check: Check = (value) => {
    if (typeof value !== 'string') return 'must be a string';
    if (options.emptyMessage && value === '') return `!${options.emptyMessage}`;
    const length = lengthOf(value);
    if (length < min) return min === 1 ? 'is required' : `must be at least ${min} characters`;
    if (length > max) return `must be at most ${max} characters`;
    if (notBlank && value.trim() === '') return 'must not be blank';
    if (values && !values.includes(value)) return `must be one of ${values.join(', ')}`;
    if (rule && !rule.test(value)) return rule.whole ? `!${rule.message}` : rule.message;
    return null;
  };
  return field(check, options, {
    type: String,
    ...(min > 0 && { minLength: min }),
    ...(max < Infinity && { maxLength: max }),
    ...(values && { enum: [...values] }),
    ...(options.format && { format: options.format }),
  });
}

export interface IntegerOptions extends FieldOptions {
  min?: number;
  max?: number;
  /** For the document; the service applies it. */
  default?: number;
}

export function IntegerField(options: IntegerOptions = {}): PropertyDecorator {
  const { min = Number.MIN_SAFE_INTEGER, max = 2 ** 31 - 1 } = options;
  const check: Check = (value) => {
    if (!Number.isInteger(value)) return 'must be a whole number';
    if ((value as number) < min) return `must be at least ${min}`;
    if ((value as number) > max) return `must be at most ${max}`;
    return null;
  };
  return field(check, options, {
    type: 'integer',
    ...(options.min !== undefined && { minimum: min }),
    maximum: max,
    ...(options.default !== undefined && { default: options.default }),
  });
}

export function FlagField(options: FieldOptions & { default?: boolean } = {}): PropertyDecorator {
  const check: Check = (value) => (typeof value === 'boolean' ? null : 'must be true or false');
  return field(check, options, {
    type: Boolean,
    ...(options.default !== undefined && { default: options.default }),
  });
}

/** A list of whole numbers; null among them is taken too, what it means is the service's to say. */
export function IntegerListField(options: FieldOptions & { min: number; max: number }): PropertyDecorator {
  const { min, max } = options;
  const fits = (item: unknown) =>
    item === null || (Number.isInteger(item) && Number(item) >= min && Number(item) <= max);
  const check: Check = (value) =>
    Array.isArray(value) && value.every(fits) ? null : `must be a list of whole numbers from ${min} to ${max}`;
  return field(check, options, {
    type: 'array',
    items: { type: 'integer', minimum: min, maximum: max, nullable: true },
  });
}

/** A list of ids. What they are is checked where they are used. */
export function IdListField(options: FieldOptions = {}): PropertyDecorator {
  const check: Check = (value) =>
    Array.isArray(value) && value.every((item) => typeof item === 'string') ? null : 'must be a list of ids';
  return field(check, options, { type: [String] });
}

/** A list of texts of at most `max` characters each. */
export function TextListField(options: FieldOptions & { max: number }): PropertyDecorator {
  const fits = (item: unknown) => typeof item === 'string' && lengthOf(item) <= options.max;
  const check: Check = (value) =>
    Array.isArray(value) && value.every(fits) ? null : `must be a list of texts of at most ${options.max} characters`;
  return field(check, options, { type: 'array', items: { type: 'string', maxLength: options.max } });
}

/** In code points, as people count characters. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}
