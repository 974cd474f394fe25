import { Endpoint, JSON_TYPE } from '@app/platform';
import { Controller, Get, Param, Req, Res, applyDecorators } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendPublic } from '../public/public-answer';
import { HOMEPAGE_BEATS, PAGE_BEATS, PublicPagesService } from './public-pages.service';
import type { PublicPage } from './public-pages.service';
import { PublicMonitorDto, PublicStatusPageDto } from './status-page.dto';
import type { Visitor } from './visitors';

const PASSWORD_HEADER = 'x-status-page-password';

const PublicEndpoint = (summary: string, reply: Type | [Type]) =>
  applyDecorators(
    Endpoint({
      summary,
      description: 'For everybody. With `If-None-Match` 304 when nothing changed.',
      allow: 'everyone',
      reply,
      errors: {
        403: ['This status page needs a password', 'The password of this status page is another one'],
        404: 'Status page not found',
      },
    }),
    ApiHeader({ name: 'X-Status-Page-Password', required: false, description: 'Of a page that has one' }),
  );

@ApiTags('Status pages')
@Controller('status-pages')
export class PublicPagesController {
  constructor(private readonly pages: PublicPagesService) {}

  @Get('slug/:slug')
  @PublicEndpoint('A published status page', PublicStatusPageDto)
  async bySlug(@Param('slug') slug: string, @Req() request: FastifyRequest, @Res() response: FastifyReply) {
    send(request, response, await this.pages.bySlug(slug, visitorOf(request)));
  }

  @Get('domain/:domain')
  @PublicEndpoint('The published status page of a host name', PublicStatusPageDto)
  async byDomain(@Param('domain') domain: string, @Req() request: FastifyRequest, @Res() response: FastifyReply) {
    send(request, response, await this.pages.byDomain(domain, visitorOf(request)));
  }

  @Get('slug/:slug/monitors')
  @PublicEndpoint('Monitors of a published status page, each with its newest 100 heartbeats', [PublicMonitorDto])
  async monitors(@Param('slug') slug: string, @Req() request: FastifyRequest, @Res() response: FastifyReply) {
    send(request, response, await this.pages.monitorsOf(slug, PAGE_BEATS, visitorOf(request)));
  }

  @Get('slug/:slug/monitors/homepage')
  @PublicEndpoint('Monitors of a published status page, each with its newest heartbeat', [PublicMonitorDto])
  async homepage(@Param('slug') slug: string, @Req() request: FastifyRequest, @Res() response: FastifyReply) {
    send(request, response, await this.pages.monitorsOf(slug, HOMEPAGE_BEATS, visitorOf(request)));
  }
}

function visitorOf(request: FastifyRequest): Visitor {
  const password = request.headers[PASSWORD_HEADER];
  return { password: typeof password === 'string' ? password : undefined, address: request.ip };
}

/** Whoever keeps it has to ask each time whether it is still so: a page can be taken back. */
function send(request: FastifyRequest, response: FastifyReply, page: PublicPage): void {
  const cacheControl = page.isProtected ? 'private, no-cache' : 'no-cache';
  sendPublic(request, response, page, { type: JSON_TYPE, cacheControl });
}
