import { TextField } from '@app/platform';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Tag } from './tag.entity';

const color = {
  description: 'Hexadecimal colour with 3, 4, 6 or 8 digits',
  example: '#3B82F6',
  rule: {
    test: (text: string) => /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(text),
    message: 'must be a colour such as #3B82F6',
  },
};
const name = { min: 1, max: 100, notBlank: true, description: 'Unique', example: 'Production' };
const description = { optional: true, nullable: true, example: 'Everything that customers see' };

@ApiSchema({ name: 'tag.CreateUpdateDto' })
export class TagInputDto {
  @TextField(name) name!: string;
  @TextField(color) color!: string;
  @TextField(description) description?: string | null;
}

@ApiSchema({ name: 'tag.PartialUpdateDto' })
export class TagPatchDto {
  @TextField({ ...name, optional: true }) name?: string | null;
  @TextField({ ...color, optional: true }) color?: string | null;
  /** Null clears it. */
  @TextField(description) description?: string | null;
}

@ApiSchema({ name: 'tag.Model' })
export class TagDto {
  @ApiProperty({ example: '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d10' }) id!: string;
  @ApiProperty({ example: 'Production' }) name!: string;
  @ApiProperty({ example: '#3B82F6' }) color!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) description!: string | null;
  @ApiProperty({ example: '2026-02-01T09:30:00.181Z' }) created_at!: string;
  @ApiProperty({ example: '2026-02-01T09:30:00.181Z' }) updated_at!: string;

  static from(this: void, tag: Tag): TagDto {
    return {
      id: tag.id,
      name: tag.name,
      color: tag.color,
      description: tag.description,
      created_at: tag.createdAt.toISOString(),
      updated_at: tag.updatedAt.toISOString(),
    };
  }
}
