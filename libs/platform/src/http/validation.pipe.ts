import { AppError } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';
import { getMetadataStorage, validateSync } from 'class-validator';
import { parseBody } from './json-body';

/** Properties of a DTO by their lower-case name. */
const properties = new WeakMap<Type, Map<string, string>>();

function propertiesOf(type: Type): Map<string, string> {
  let known = properties.get(type);
  if (!known) {
    const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
    known = new Map(metadata.map(({ propertyName }) => [propertyName.toLowerCase(), propertyName]));
    properties.set(type, known);
  }
  return known;
}

const optional = new WeakSet<Type>();

/** For DTOs whose every property is optional: no body at all is an empty one. */
export function OptionalBody(): ClassDecorator {
  return (dto) => void optional.add(dto as unknown as Type);
}

/**
 * Reads, narrows and checks request bodies: bodies arrive here unparsed, so that authentication comes first.
 * Unknown keys are dropped, keys match in any letter case (the exact one wins), nothing is converted.
 */
@Injectable()
export class ValidationPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type !== 'body' || !metatype || propertiesOf(metatype).size === 0) return value;
    return this.read(value as Buffer | undefined, metatype);
  }

  private read(body: Buffer | undefined, dto: Type): object {
    const value = optional.has(dto) && !body?.length ? {} : parseBody(body);
    if (typeof value !== 'object' || Array.isArray(value)) throw new AppError('invalid', 'Invalid request body');
    const instance = narrow((value ?? {}) as Record<string, unknown>, dto);
    const problems = validateSync(instance, { stopAtFirstError: true, forbidUnknownValues: false });
    if (problems.length === 0) return instance;
    const sentences = problems.flatMap(({ constraints = {} }) => Object.values(constraints).slice(0, 1));
    throw new AppError('invalid', sentences.join('; '));
  }
}

function narrow(value: Record<string, unknown>, dto: Type): object {
  const instance = new dto() as Record<string, unknown>;
  const known = propertiesOf(dto);
  const exact = new Set<string>();
  for (const [key, item] of Object.entries(value)) {
    const property = known.get(key.toLowerCase());
    if (property === undefined || (key !== property && exact.has(property))) continue;
    if (key === property) exact.add(property);
    instance[property] = item;
  }
  return instance;
}
