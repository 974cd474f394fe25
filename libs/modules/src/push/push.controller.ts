import { AppError, Clock, ResultQueue, isAppError, newNonce } from '@app/core';
import { Endpoint } from '@app/platform';
import type { QueryParams } from '@app/platform';
import { Controller, Get, Param, Post, Query, applyDecorators } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { MaintenanceCalendar } from '../maintenances/maintenance-calendar';
import { rulesOf } from '../monitors/monitor-rules';
import { PushTargets } from './push-targets';
import { pushQuery } from './push-query';
import { PushAcceptedDto } from './push.dto';

const ACCEPTED: PushAcceptedDto = { ok: 'true' };

const PushEndpoint = () =>
  applyDecorators(
    Endpoint({
      summary: 'Report the state of a push monitor',
      description:
        'The token is the credential. 200 means that the heartbeat is stored; inside a maintenance window as maintenance.',
      allow: 'everyone',
      rate: 'unlimited',
      reply: { raw: PushAcceptedDto },
      errors: {
        400: ['Monitor is not active', 'Invalid status parameter (must be up, down, pending, maintenance or 0 to 3)'],
        404: 'Monitor not found for pushToken',
        503: 'The heartbeat cannot be stored at the moment',
      },
    }),
    ApiQuery({
      name: 'status',
      required: false,
      example: 'up',
      description: 'up, down, pending, maintenance or 0 to 3',
    }),
    ApiQuery({ name: 'msg', required: false, example: 'OK', description: 'Cut at 1,000 characters' }),
    ApiQuery({ name: 'ping', required: false, example: 12, description: 'Latency, ms' }),
  );

@ApiTags('Push')
@Controller('push')
export class PushController {
  constructor(
    private readonly targets: PushTargets,
    private readonly maintenances: MaintenanceCalendar,
    private readonly results: ResultQueue,
    private readonly clock: Clock,
  ) {}

  @Get(':token')
  @PushEndpoint()
  get(@Param('token') token: string, @Query() query: QueryParams): Promise<PushAcceptedDto> {
    return this.push(token, query);
  }

  @Post(':token')
  @PushEndpoint()
  post(@Param('token') token: string, @Query() query: QueryParams): Promise<PushAcceptedDto> {
    return this.push(token, query);
  }

  private async push(token: string, query: QueryParams): Promise<PushAcceptedDto> {
    const monitor = await this.targets.find(token);
    if (!monitor) throw new AppError('not_found', 'Monitor not found for pushToken');
    if (!monitor.active) throw new AppError('invalid', 'Monitor is not active');
    const push = pushQuery(query);
    const now = this.clock.now();
    const result = { ...push, monitorId: monitor.id, startedAt: now, endedAt: now, nonce: newNonce() };
    try {
      const inMaintenance = (await this.maintenances.monitorsNow()).has(monitor.id);
      const status = inMaintenance ? 'maintenance' : push.status;
      await this.results.submit({ ...result, kind: 'push', status, rules: rulesOf(monitor) });
    } catch (error) {
      if (!isAppError(error)) throw error;
      throw new AppError('unavailable', 'The heartbeat cannot be stored at the moment', { cause: error });
    }
    return ACCEPTED;
  }
}
