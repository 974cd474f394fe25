import { TextField } from '@app/platform';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { SETTING_TYPES } from './setting.entity';
import type { Setting, SettingType } from './setting.entity';

@ApiSchema({ name: 'setting.CreateUpdateDto' })
export class SettingInputDto {
  @TextField({ optional: true, example: '90', description: 'As text, whatever the type' }) value?: string | null;
  @TextField({ min: 1, enum: SETTING_TYPES, example: 'int' }) type!: SettingType;
}

@ApiSchema({ name: 'setting.Model' })
export class SettingDto {
  @ApiProperty({ example: '', description: 'Always empty: a setting is known by its key' }) id!: string;
  @ApiProperty({ example: 'KEEP_DATA_PERIOD_DAYS' }) key!: string;
  @ApiProperty({ example: '90' }) value!: string;
  @ApiProperty({ enum: SETTING_TYPES, example: 'int' }) type!: SettingType;
  @ApiProperty({ example: '2026-02-01T09:30:00.152Z' }) created_at!: string;
  @ApiProperty({ example: '2026-02-01T09:31:00.153Z' }) updated_at!: string;

  /** `key` as it was asked for. */
  static from(this: void, key: string, setting: Setting): SettingDto {
    return {
      id: '',
      key,
      value: setting.value,
      type: setting.type,
      created_at: setting.createdAt.toISOString(),
      updated_at: setting.updatedAt.toISOString(),
    };
  }
}
