import { Clock } from '@app/core';
import { Endpoint, reply } from '@app/platform';
import type { QueryParams, Reply } from '@app/platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { pointsQuery } from './points-query';
import { StatPointsSummaryDto, UptimeStatsDto } from './stats.dto';
import { StatsService } from './stats.service';

@ApiTags('Monitors')
@Controller('monitors/:id/stats')
export class MonitorStatsController {
  constructor(
    private readonly stats: StatsService,
    private readonly clock: Clock,
  ) {}

  @Get('points')
  @Endpoint({
    summary: 'Chart of a monitor',
    description:
      'One point per minute, hour or day, without gaps. Minutes of a monitor with an interval above 60 s are put together.',
    allow: 'viewer',
    reply: StatPointsSummaryDto,
    errors: {
      400: [
        "Missing required 'since' parameter",
        "Invalid 'since' parameter (must be RFC3339)",
        "Invalid 'granularity' parameter (must be minute, hour, or day)",
        'Too many points requested: 1442 (max 1441)',
        'monitor not found',
      ],
    },
  })
  @ApiQuery({ name: 'since', example: '2026-03-05T00:00:00Z', description: 'RFC 3339 with zone' })
  @ApiQuery({ name: 'until', required: false, description: 'RFC 3339 with zone; absent = now' })
  @ApiQuery({ name: 'granularity', required: false, enum: ['minute', 'hour', 'day'] })
  async points(@Param('id') id: string, @Query() query: QueryParams): Promise<Reply<StatPointsSummaryDto>> {
    return reply('success', await this.stats.points(id, pointsQuery(query, this.clock.now())));
  }

  @Get('uptime')
  @Endpoint({
    summary: 'Uptime of a monitor',
    description: 'up / (up + down) of the last 24 hours, 7, 30 and 365 days; pending counts as down, maintenance not.',
    allow: 'viewer',
    reply: UptimeStatsDto,
  })
  async uptime(@Param('id') id: string): Promise<Reply<UptimeStatsDto>> {
    return reply('success', await this.stats.uptime(id));
  }
}
