import { Timeline } from '@app/core';
import { Endpoint, JSON_TYPE, flagParam, integerParam, pageOf } from '@app/platform';
import type { QueryParams } from '@app/platform';
import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { HeartbeatDto } from './heartbeat.dto';
import { heartbeatListJson } from './heartbeat.view';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1000;

@ApiTags('Monitors')
@Controller('monitors/:id/heartbeats')
export class MonitorHeartbeatsController {
  constructor(private readonly timeline: Timeline) {}

  @Get()
  @Header('content-type', JSON_TYPE)
  @Endpoint({
    summary: 'Heartbeats of a monitor',
    description: 'Pages count from the newest beat; `reverse` turns the selected page to oldest first.',
    allow: 'viewer',
    reply: [HeartbeatDto],
    errors: {
      400: [
        'Invalid limit parameter (1-1000)',
        'Invalid page parameter (>=0)',
        'Invalid important parameter (must be true or false)',
        'Invalid reverse parameter (must be true or false)',
      ],
    },
  })
  @ApiQuery({ name: 'limit', required: false, example: 50, description: '1 to 1000' })
  @ApiQuery({ name: 'page', required: false, example: 0 })
  @ApiQuery({ name: 'important', required: false, type: Boolean, description: 'Only (un)important beats' })
  @ApiQuery({ name: 'reverse', required: false, type: Boolean, example: false })
  async list(@Param('id') id: string, @Query() query: QueryParams): Promise<string> {
    const bounds = { min: 1, max: MAX_LIMIT, message: 'Invalid limit parameter (1-1000)' };
    const limit = integerParam(query, 'limit', bounds) ?? DEFAULT_LIMIT;
    const page = integerParam(query, 'page', { min: 0, message: 'Invalid page parameter (>=0)' }) ?? 0;
    const important = flagParam(query, 'important');
    const reverse = flagParam(query, 'reverse') ?? false;

    const beats = await this.timeline.beats(id.toLowerCase(), { limit, offset: pageOf(page, limit).offset, important });
    if (reverse) beats.reverse();
    return heartbeatListJson('success', beats);
  }
}
