import { AppError, parseInstant } from '@app/core';
import { Endpoint, pageParams, reply } from '@app/platform';
import type { QueryParams, Reply } from '@app/platform';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { AuditEntryDto } from './audit.dto';
import { AuditService } from './audit.service';

@ApiTags('Audit')
@Controller('audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @Endpoint({
    summary: 'Who changed what, newest first',
    description: 'The next page is that `before` the id of the last entry.',
    allow: 'admin',
    reply: [AuditEntryDto],
    errors: { 400: ['Invalid limit parameter', "Invalid 'since' parameter (must be RFC3339)"] },
  })
  @ApiQuery({ name: 'resource', required: false, example: 'monitors' })
  @ApiQuery({ name: 'resource_id', required: false })
  @ApiQuery({ name: 'principal_id', required: false, description: 'Of a user or an API key' })
  @ApiQuery({ name: 'action', required: false, example: 'delete' })
  @ApiQuery({ name: 'since', required: false, example: '2026-02-01T00:00:00Z' })
  @ApiQuery({ name: 'until', required: false, example: '2026-02-02T00:00:00Z' })
  @ApiQuery({ name: 'before', required: false, description: 'An id: only entries that are older' })
  @ApiQuery({ name: 'limit', required: false, example: 10, description: '1 to 1000' })
  async list(@Query() query: QueryParams): Promise<Reply<AuditEntryDto[]>> {
    const filter = {
      resource: query.resource || undefined,
      resourceId: query.resource_id || undefined,
      principalId: query.principal_id || undefined,
      action: query.action || undefined,
      since: instant(query, 'since'),
      until: instant(query, 'until'),
      before: query.before?.toLowerCase() || undefined,
    };
    const entries = await this.audit.find(filter, pageParams({ limit: query.limit }).limit);
    return reply('success', entries.map(AuditEntryDto.from));
  }
}

function instant(query: QueryParams, name: 'since' | 'until'): Date | undefined {
  const text = query[name];
  if (!text) return undefined;
  const time = parseInstant(text);
  if (time === null) throw new AppError('invalid', `Invalid '${name}' parameter (must be RFC3339)`);
  return new Date(time);
}
