import { Entity, Stored, Text } from '@app/core';

/** A coloured label that monitors share. */
@Stored('tags')
export class Tag extends Entity {
  @Text({ max: 100, unique: true, search: true }) name!: string;
  /** `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa`. */
  @Text({ max: 9 }) color!: string;
  @Text({ nullable: true }) description!: string | null;
}
