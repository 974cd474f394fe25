import { Entity, Stored, Text } from '@app/core';

export const SETTING_TYPES = ['string', 'int', 'bool', 'json'] as const;
export type SettingType = (typeof SETTING_TYPES)[number];

/** A value that people change while the server runs; never a secret. */
@Stored('settings')
export class Setting extends Entity {
  @Text({ max: 255, unique: true }) key!: string;
  @Text() value!: string;
  @Text({ max: 50 }) type!: SettingType;
}
