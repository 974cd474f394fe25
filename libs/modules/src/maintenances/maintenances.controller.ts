import { Endpoint, pageParams, reply, searchParam } from '@app/platform';
import type { QueryParams, Reply } from '@app/platform';
import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { MaintenanceDetailDto, MaintenanceDto, MaintenanceInputDto, MaintenancePatchDto } from './maintenance.dto';
import type { Maintenance } from './maintenance.entity';
import { MaintenancesService } from './maintenances.service';

const UPDATED = 'maintenance updated successfully';
const UNKNOWN = { 404: 'Maintenance not found' };
const BAD_PAGE = { 400: ['Invalid page parameter', 'Invalid limit parameter'] };
const BAD_BODY = {
  400: [
    'title is required; strategy is required',
    'start_time is required; end_time is required',
    'monitor_ids holds an id that does not exist',
    'Invalid request body',
  ],
};

@ApiTags('Maintenances')
@Controller('maintenances')
export class MaintenancesController {
  constructor(private readonly maintenances: MaintenancesService) {}

  @Get()
  @Endpoint({ summary: 'List maintenances, newest first', allow: 'viewer', reply: [MaintenanceDto], errors: BAD_PAGE })
  @ApiQuery({ name: 'q', required: false, description: 'Part of title or description, in any letter case' })
  @ApiQuery({ name: 'strategy', required: false, example: 'single' })
  @ApiQuery({ name: 'page', required: false, example: 0, description: 'Counts from 0' })
  @ApiQuery({ name: 'limit', required: false, example: 10, description: '1 to 1000' })
  async list(@Query() query: QueryParams): Promise<Reply<MaintenanceDto[]>> {
    const filter = { search: searchParam(query), strategy: query.strategy || undefined };
    const maintenances = await this.maintenances.findPage(filter, pageParams(query));
    return reply(
      'success',
      maintenances.map((maintenance) => this.dtoOf(maintenance)),
    );
  }

  @Post()
  @Endpoint({
    summary: 'Create a maintenance',
    allow: 'editor',
    status: 201,
    reply: MaintenanceDto,
    message: 'Maintenance created successfully',
    errors: BAD_BODY,
  })
  async create(@Body() body: MaintenanceInputDto): Promise<Reply<MaintenanceDto>> {
    return reply('Maintenance created successfully', this.dtoOf(await this.maintenances.create(body)));
  }

  @Get(':id')
  @Endpoint({
    summary: 'Get a maintenance with its monitors',
    allow: 'viewer',
    reply: MaintenanceDetailDto,
    errors: UNKNOWN,
  })
  async get(@Param('id') id: string): Promise<Reply<MaintenanceDetailDto>> {
    const maintenance = await this.maintenances.get(id);
    const monitor_ids = await this.maintenances.monitorIdsOf(maintenance);
    return reply('success', { ...this.dtoOf(maintenance), monitor_ids });
  }

  @Put(':id')
  @Endpoint({
    summary: 'Replace a maintenance',
    description: 'What is absent is cleared, but for the monitors: absent, they stay; `[]` removes them.',
    allow: 'editor',
    reply: MaintenanceDto,
    message: UPDATED,
    errors: { ...BAD_BODY, ...UNKNOWN },
  })
  async replace(@Param('id') id: string, @Body() body: MaintenanceInputDto): Promise<Reply<MaintenanceDto>> {
    return reply(UPDATED, this.dtoOf(await this.maintenances.replace(id, body)));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change parts of a maintenance',
    description: 'Absent and null fields stay as they are; `"monitor_ids": []` removes the monitors.',
    allow: 'editor',
    reply: MaintenanceDto,
    message: UPDATED,
    errors: { ...BAD_BODY, ...UNKNOWN },
  })
  async patch(@Param('id') id: string, @Body() body: MaintenancePatchDto): Promise<Reply<MaintenanceDto>> {
    return reply(UPDATED, this.dtoOf(await this.maintenances.patch(id, body)));
  }

  @Patch(':id/pause')
  @Endpoint({
    summary: 'Pause a maintenance: its monitors are checked',
    allow: 'editor',
    reply: MaintenanceDto,
    message: 'Paused',
    errors: UNKNOWN,
  })
  async pause(@Param('id') id: string): Promise<Reply<MaintenanceDto>> {
    return reply('Paused', this.dtoOf(await this.maintenances.setActive(id, false)));
  }

  @Patch(':id/resume')
  @Endpoint({
    summary: 'Resume a maintenance',
    allow: 'editor',
    reply: MaintenanceDto,
    message: 'Resumed',
    errors: UNKNOWN,
  })
  async resume(@Param('id') id: string): Promise<Reply<MaintenanceDto>> {
    return reply('Resumed', this.dtoOf(await this.maintenances.setActive(id, true)));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a maintenance',
    description: 'Deleting what does not exist is a success.',
    allow: 'editor',
    reply: null,
    message: 'Maintenance deleted successfully',
  })
  async delete(@Param('id') id: string): Promise<Reply<null>> {
    await this.maintenances.delete(id);
    return reply('Maintenance deleted successfully', null);
  }

  private dtoOf(maintenance: Maintenance): MaintenanceDto {
    return MaintenanceDto.from(maintenance, this.maintenances.isActiveNow(maintenance));
  }
}
