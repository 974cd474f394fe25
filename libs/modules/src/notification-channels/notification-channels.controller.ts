import { Caller, Endpoint, pageParams, reply, searchParam } from '@app/platform';
import type { Principal, QueryParams, Reply } from '@app/platform';
import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { ChannelDto, ChannelInputDto, ChannelPatchDto } from './notification-channel.dto';
import { visibleTo } from './channel-visibility';
import { NotificationChannelsService } from './notification-channels.service';

const UPDATED = 'notification updated successfully';
const UNKNOWN = { 404: 'Notification not found' };
const BAD_CONFIG = {
  400: ['Invalid request body', 'Unsupported notification type', 'Invalid config: webhook_url is required'],
};
const BAD_PAGE = { 400: ['Invalid page parameter', 'Invalid limit parameter'] };

@ApiTags('Notification channels')
@Controller('notification-channels')
export class NotificationChannelsController {
  constructor(private readonly channels: NotificationChannelsService) {}

  @Get()
  @Endpoint({ summary: 'List channels, newest first', allow: 'viewer', reply: [ChannelDto], errors: BAD_PAGE })
  @ApiQuery({ name: 'q', required: false, description: 'Part of the name, in any letter case' })
  @ApiQuery({ name: 'page', required: false, example: 0, description: 'Counts from 0' })
  @ApiQuery({ name: 'limit', required: false, example: 10, description: '1 to 1000' })
  async list(@Caller() { role }: Principal, @Query() query: QueryParams): Promise<Reply<ChannelDto[]>> {
    const channels = await this.channels.findPage({ ...pageParams(query), search: searchParam(query) });
    return reply(
      'success',
      channels.map((channel) => ChannelDto.from(visibleTo(role, channel))),
    );
  }

  @Post()
  @Endpoint({
    summary: 'Create a channel',
    allow: 'editor',
    status: 201,
    reply: ChannelDto,
    message: 'Notification created successfully',
    errors: BAD_CONFIG,
  })
  async create(@Body() body: ChannelInputDto): Promise<Reply<ChannelDto>> {
    return reply('Notification created successfully', ChannelDto.from(await this.channels.create(body)));
  }

  @Post('test')
  @Endpoint({
    summary: 'Send a test message',
    description: 'Takes what create takes, stores nothing, and waits for the provider.',
    allow: 'editor',
    reply: null,
    message: 'Test notification sent successfully',
    errors: { ...BAD_CONFIG, 422: 'Failed to send test notification: webhook returned status 500: ' },
  })
  async test(@Body() body: ChannelInputDto): Promise<Reply<null>> {
    await this.channels.test(body);
    return reply('Test notification sent successfully', null);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a channel', allow: 'viewer', reply: ChannelDto, errors: UNKNOWN })
  async get(@Caller() { role }: Principal, @Param('id') id: string): Promise<Reply<ChannelDto>> {
    return reply('success', ChannelDto.from(visibleTo(role, await this.channels.get(id))));
  }

  @Put(':id')
  @Endpoint({
    summary: 'Replace a channel',
    allow: 'editor',
    reply: ChannelDto,
    message: UPDATED,
    errors: { ...BAD_CONFIG, ...UNKNOWN },
  })
  async replace(@Param('id') id: string, @Body() body: ChannelInputDto): Promise<Reply<ChannelDto>> {
    return reply(UPDATED, ChannelDto.from(await this.channels.replace(id, body)));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change parts of a channel',
    description: 'Absent fields stay as they are.',
    allow: 'editor',
    reply: ChannelDto,
    message: UPDATED,
    errors: { ...BAD_CONFIG, ...UNKNOWN },
  })
  async patch(@Param('id') id: string, @Body() body: ChannelPatchDto): Promise<Reply<ChannelDto>> {
    return reply(UPDATED, ChannelDto.from(await this.channels.patch(id, body)));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a channel',
    description: 'Monitors lose it. Deleting what does not exist is a success.',
    allow: 'editor',
    reply: null,
    message: 'Notification deleted successfully',
  })
  async delete(@Param('id') id: string): Promise<Reply<null>> {
    await this.channels.delete(id);
    return reply('Notification deleted successfully', null);
  }
}
