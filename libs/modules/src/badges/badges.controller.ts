import { Endpoint } from '@app/platform';
import type { QueryParams } from '@app/platform';
import { Controller, Get, Param, Query, Req, Res, applyDecorators } from '@nestjs/common';
import { ApiParam, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendPublic } from '../public/public-answer';
import { badgeOptions, windowOf } from './badge-query';
import { BADGE_STYLES } from './badge-svg';
import { BadgesService } from './badges.service';
import type { BadgeKind } from './badges.service';

const SVG = {
  type: 'image/svg+xml',
  // Kept by image proxies, who have to ask whether it is still so.
  cacheControl: 'no-cache',
  // It is an image, also when it is opened as a document.
  headers: { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" },
};

const QUERY: [name: string, description: string][] = [
  ['color', 'Background of the value: a CSS colour name or hexadecimal digits, with or without #'],
  ['labelColor', 'Background of the label'],
  ['label', 'Instead of the usual one'],
  ['labelPrefix', 'Directly before the label'],
  ['labelSuffix', 'Directly after it'],
  ['prefix', 'Directly before the value; not for status'],
  ['suffix', 'Instead of the unit; not for status'],
  ['upLabel', 'status only'],
  ['downLabel', 'status only'],
  ['upColor', 'status and cert-exp'],
  ['downColor', 'status and cert-exp'],
  ['warnDays', 'cert-exp only; 14'],
  ['downDays', 'cert-exp only; 7'],
];

const BadgeEndpoint = (summary: string, withDuration = false) =>
  applyDecorators(
    Endpoint({
      summary,
      description: 'For everybody, of monitors that are active and on a published status page.',
      allow: 'everyone',
      reply: 'nothing',
      message: 'An SVG image',
      errors: { 404: 'Monitor not found or not public' },
    }),
    ApiProduces('image/svg+xml', 'application/json'),
    ...(withDuration
      ? [ApiParam({ name: 'duration', example: '720', description: 'Hours: up to 24, up to 720, or the last 90 days' })]
      : []),
    ApiQuery({ name: 'style', required: false, enum: BADGE_STYLES }),
    ...QUERY.map(([name, description]) => ApiQuery({ name, description, required: false })),
  );

@ApiTags('Badges')
@Controller('badge/:monitorId')
export class BadgesController {
  constructor(private readonly badges: BadgesService) {}

  @Get('status')
  @BadgeEndpoint('Badge of the status')
  status(
    @Param('monitorId') id: string,
    @Query() query: QueryParams,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.send('status', id, undefined, { query, request, reply });
  }

  @Get('uptime')
  @BadgeEndpoint('Badge of the uptime of 24 hours')
  uptime(
    @Param('monitorId') id: string,
    @Query() query: QueryParams,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.send('uptime', id, undefined, { query, request, reply });
  }

  @Get('uptime/:duration')
  @BadgeEndpoint('Badge of the uptime', true)
  uptimeOf(
    @Param() { monitorId, duration }: Record<string, string>,
    @Query() query: QueryParams,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.send('uptime', monitorId!, duration, { query, request, reply });
  }

  @Get('ping')
  @BadgeEndpoint('Badge of the average latency of 24 hours')
  ping(
    @Param('monitorId') id: string,
    @Query() query: QueryParams,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.send('ping', id, undefined, { query, request, reply });
  }

  @Get('ping/:duration')
  @BadgeEndpoint('Badge of the average latency', true)
  pingOf(
    @Param() { monitorId, duration }: Record<string, string>,
    @Query() query: QueryParams,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.send('ping', monitorId!, duration, { query, request, reply });
  }

  @Get('cert-exp')
  @BadgeEndpoint('Badge of the days that the certificate has left')
  certificate(
    @Param('monitorId') id: string,
    @Query() query: QueryParams,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.send('cert-exp', id, undefined, { query, request, reply });
  }

  @Get('response')
  @BadgeEndpoint('Badge of the newest latency')
  response(
    @Param('monitorId') id: string,
    @Query() query: QueryParams,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.send('response', id, undefined, { query, request, reply });
  }

  private async send(kind: BadgeKind, monitorId: string, duration: string | undefined, call: Call): Promise<void> {
    const { url } = call.request;
    const at = url.indexOf('?');
    const look = at < 0 ? '' : url.slice(at);
    const options = badgeOptions(call.query);
    const badge = await this.badges.get({ monitorId, kind, window: windowOf(duration) }, look, options);
    sendPublic(call.request, call.reply, badge, SVG);
  }
}

interface Call {
  query: QueryParams;
  request: FastifyRequest;
  reply: FastifyReply;
}
