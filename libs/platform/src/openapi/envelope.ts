import type { Type } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';

const envelopes = new Map<string, Type>();

/** The name that a DTO has in the document (`tag.Model`); set by `@ApiSchema`. */
export function schemaName(type: Type): string {
  return getSchemaPath(type).split('/').at(-1)!;
}

type Content = Type | [Type] | null | { oneOf: Type[] };

/** The class that documents `{message, data}` around a DTO, a list of one, one of several, or null. One per DTO. */
export function envelopeOf(content: Content, message: string): Type {
  const isList = Array.isArray(content);
  const types = content === null ? [] : isList ? content : 'oneOf' in content ? content.oneOf : [content];
  const inner = types.map((type) => schemaName(type).replace('.', '_')).join('-or-') || 'any';
  const name = `utils.ApiResponse-${isList ? 'array_' : ''}${inner}`;
  let envelope = envelopes.get(name);
  if (!envelope) {
    envelope = class {};
    Object.defineProperty(envelope, 'name', { value: name });
    ApiProperty({ type: String, example: message })(envelope.prototype as object, 'message');
    if (types.length > 1) ApiExtraModels(...types)(envelope);
    Reflect.defineMetadata('design:type', Object, envelope.prototype as object, 'data');
    const data =
      types.length > 1
        ? ApiProperty({ oneOf: types.map((type) => ({ $ref: getSchemaPath(type) })) })
        : types[0]
          ? ApiProperty({ type: types[0], isArray: isList })
          : ApiProperty({ type: Object, nullable: true, example: null });
    data(envelope.prototype as object, 'data');
    ApiSchema({ name })(envelope);
    envelopes.set(name, envelope);
  }
  return envelope;
}
