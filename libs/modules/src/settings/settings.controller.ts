import { Endpoint, reply } from '@app/platform';
import type { Reply } from '@app/platform';
import { Body, Controller, Delete, Get, Param, Put, UseGuards } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { BAD_KEY, LONG_KEY, SettingKeyGuard } from './setting-key.guard';
import { SettingDto, SettingInputDto } from './setting.dto';
import { SettingsService } from './settings.service';

const KEYS = [BAD_KEY, LONG_KEY];

@ApiTags('Settings')
@ApiParam({ name: 'key', example: 'KEEP_DATA_PERIOD_DAYS', description: 'Upper-case letters, digits and _' })
@UseGuards(SettingKeyGuard)
@Controller('settings/key')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  @Get(':key')
  @Endpoint({
    summary: 'Get a setting',
    description: 'Secrets of the instance are no settings: not found.',
    allow: 'viewer',
    reply: SettingDto,
    errors: { 400: KEYS, 404: 'Setting not found' },
  })
  async get(@Param('key') key: string): Promise<Reply<SettingDto>> {
    return reply('success', SettingDto.from(key, await this.settings.find(key)));
  }

  @Put(':key')
  @Endpoint({
    summary: 'Create or replace a setting',
    description: 'The value has to be one of its type. Secrets of the instance cannot be set.',
    allow: 'admin',
    reply: SettingDto,
    message: 'setting set successfully',
    errors: { 400: ['value must be a whole number', 'type is required', 'Invalid request body', ...KEYS] },
  })
  async put(@Param('key') key: string, @Body() body: SettingInputDto): Promise<Reply<SettingDto>> {
    const setting = await this.settings.put(key, body.value ?? '', body.type);
    return reply('setting set successfully', SettingDto.from(key, setting));
  }

  @Delete(':key')
  @Endpoint({
    summary: 'Delete a setting: its default applies',
    description: 'Deleting what does not exist is a success.',
    allow: 'admin',
    reply: null,
    message: 'Setting deleted successfully',
    errors: { 400: KEYS },
  })
  async delete(@Param('key') key: string): Promise<Reply<null>> {
    await this.settings.delete(key);
    return reply('Setting deleted successfully', null);
  }
}
