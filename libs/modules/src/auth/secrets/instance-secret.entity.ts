import { Entity, Stored, Text } from '@app/core';

/** A key of this installation. No route reads or writes it. */
@Stored('instance_secrets')
export class InstanceSecret extends Entity {
  @Text({ max: 100, unique: true }) name!: string;
  /** 64 lower-case hexadecimal digits. */
  @Text() value!: string;
}
