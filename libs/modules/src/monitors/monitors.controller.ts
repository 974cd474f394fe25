import { AppError } from '@app/core';
import { Caller, Endpoint, flagParam, integerParam, listParam, pageParams, reply, searchParam } from '@app/platform';
import type { Principal, QueryParams, Reply } from '@app/platform';
import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { MonitorCreateDto, MonitorDetailDto, MonitorDto, MonitorPatchDto, MonitorReplaceDto } from './monitor.dto';
import { visibleTo } from './monitor-visibility';
import { MonitorsService } from './monitors.service';

const UNKNOWN = { 404: 'Monitor not found' };
const BAD_BODY = {
  400: [
    'name must be at least 3 characters; interval must be at least 20',
    'Invalid monitor configuration: host is required',
    'Invalid request body',
  ],
};
const MAX_BATCH = 100;

@ApiTags('Monitors')
@Controller('monitors')
export class MonitorsController {
  constructor(private readonly monitors: MonitorsService) {}

  @Get()
  @Endpoint({
    summary: 'List monitors, newest first',
    allow: 'viewer',
    reply: [MonitorDto],
    errors: {
      400: [
        'Invalid page parameter',
        'Invalid limit parameter',
        'Invalid active parameter (must be true or false)',
        'Invalid status parameter (must be int)',
      ],
    },
  })
  @ApiQuery({ name: 'q', required: false, description: 'Part of the name, in any letter case' })
  @ApiQuery({ name: 'active', required: false, type: Boolean })
  @ApiQuery({ name: 'status', required: false, enum: [0, 1, 2, 3] })
  @ApiQuery({ name: 'tag_ids', required: false, description: 'Comma-separated: monitors with at least one of them' })
  @ApiQuery({ name: 'page', required: false, example: 0, description: 'Counts from 0' })
  @ApiQuery({ name: 'limit', required: false, example: 10, description: '1 to 1000' })
  async list(@Caller() { role }: Principal, @Query() query: QueryParams): Promise<Reply<MonitorDto[]>> {
    const page = pageParams(query);
    const filter = {
      search: searchParam(query),
      active: flagParam(query, 'active'),
      status: integerParam(query, 'status', { message: 'Invalid status parameter (must be int)' }),
      tagIds: listParam(query, 'tag_ids')?.map((id) => id.toLowerCase()),
    };
    const monitors = await this.monitors.findPage(filter, page);
    return reply(
      'success',
      monitors.map((monitor) => MonitorDto.from(visibleTo(role, monitor))),
    );
  }

  @Get('batch')
  @Endpoint({
    summary: 'Get several monitors',
    description: 'In the order asked for; unknown ids are left out.',
    allow: 'viewer',
    reply: [MonitorDto],
    errors: { 400: ['ids parameter is required', 'maximum 100 monitor IDs allowed'] },
  })
  @ApiQuery({ name: 'ids', description: 'Comma-separated, at most 100' })
  async batch(@Caller() { role }: Principal, @Query() query: QueryParams): Promise<Reply<MonitorDto[]>> {
    if (!query.ids) throw new AppError('invalid', 'ids parameter is required');
    if (query.ids.split(',').length > MAX_BATCH) throw new AppError('invalid', 'maximum 100 monitor IDs allowed');
    const monitors = await this.monitors.findByIds(listParam(query, 'ids')!);
    return reply(
      'success',
      monitors.map((monitor) => MonitorDto.from(visibleTo(role, monitor))),
    );
  }

  @Post()
  @Endpoint({
    summary: 'Create a monitor',
    description: 'An active one is checked within two seconds.',
    allow: 'editor',
    status: 201,
    reply: MonitorDetailDto,
    message: 'Monitor created successfully',
    errors: BAD_BODY,
  })
  async create(@Body() body: MonitorCreateDto): Promise<Reply<MonitorDetailDto>> {
    return reply('Monitor created successfully', MonitorDetailDto.fromDetail(await this.monitors.create(body)));
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a monitor', allow: 'viewer', reply: MonitorDetailDto, errors: UNKNOWN })
  async get(@Caller() { role }: Principal, @Param('id') id: string): Promise<Reply<MonitorDetailDto>> {
    const detail = await this.monitors.getDetail(id);
    return reply('success', MonitorDetailDto.fromDetail({ ...detail, monitor: visibleTo(role, detail.monitor) }));
  }

  @Put(':id')
  @Endpoint({
    summary: 'Replace a monitor',
    description: 'Absent `active` pauses it; absent lists become empty. Its history and status stay.',
    allow: 'editor',
    reply: MonitorDetailDto,
    message: 'Monitor updated successfully',
    errors: { ...BAD_BODY, ...UNKNOWN },
  })
  async replace(@Param('id') id: string, @Body() body: MonitorReplaceDto): Promise<Reply<MonitorDetailDto>> {
    return reply('Monitor updated successfully', MonitorDetailDto.fromDetail(await this.monitors.replace(id, body)));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change parts of a monitor',
    description: 'Absent fields stay as they are, `[]` empties a list. `{"active":false}` pauses, `true` resumes.',
    allow: 'editor',
    reply: MonitorDetailDto,
    message: 'Monitor updated successfully',
    errors: { ...BAD_BODY, ...UNKNOWN },
  })
  async patch(@Param('id') id: string, @Body() body: MonitorPatchDto): Promise<Reply<MonitorDetailDto>> {
    return reply('Monitor updated successfully', MonitorDetailDto.fromDetail(await this.monitors.patch(id, body)));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a monitor with its history',
    description: 'Deleting what does not exist is a success.',
    allow: 'editor',
    reply: null,
    message: 'Monitor deleted successfully',
  })
  async delete(@Param('id') id: string): Promise<Reply<null>> {
    await this.monitors.delete(id);
    return reply('Monitor deleted successfully', null);
  }

  @Post(':id/reset')
  @Endpoint({
    summary: 'Forget the heartbeats and statistics of a monitor',
    allow: 'editor',
    reply: null,
    message: 'Monitor data reset successfully',
    errors: UNKNOWN,
  })
  async reset(@Param('id') id: string): Promise<Reply<null>> {
    await this.monitors.reset(id);
    return reply('Monitor data reset successfully', null);
  }
}
