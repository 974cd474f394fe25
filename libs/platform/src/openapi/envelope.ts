import type { Type } from '@nestjs/common';
import { ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';

const envelopes = new Map<string, Type>();

/** The name that a DTO has in the document (`tag.Model`); set by `@ApiSchema`. */
export function schemaName(type: Type): string {
  return getSchemaPath(type).split('/').at(-1)!;
}

/** The class that documents `{message, data}` around a DTO, a list of one, or null. One per DTO. */
export function envelopeOf(content: Type | [Type] | null, message: string): Type {
  const isList = Array.isArray(content);
  const type = isList ? content[0] : content;
  const inner = type ? schemaName(type).replace('.', '_') : 'any';
  const name = `utils.ApiResponse-${isList ? 'array_' : ''}${inner}`;
  let envelope = envelopes.get(name);
  if (!envelope) {
    envelope = class {};
    Object.defineProperty(envelope, 'name', { value: name });
    ApiProperty({ type: String, example: message })(envelope.prototype as object, 'message');
    const data = type
      ? ApiProperty({ type, isArray: isList })
      : ApiProperty({ type: Object, nullable: true, example: null });
    data(envelope.prototype as object, 'data');
    ApiSchema({ name })(envelope);
    envelopes.set(name, envelope);
  }
  return envelope;
}
