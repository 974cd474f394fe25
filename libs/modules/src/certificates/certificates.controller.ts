import { Timeline } from '@app/core';
import type { CertificateDocument } from '@app/core';
import { Endpoint, reply } from '@app/platform';
import type { Reply } from '@app/platform';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MonitorsService } from '../monitors/monitors.service';
import { CertificateDto } from './certificate.dto';

@ApiTags('Monitors')
@Controller('monitors/:id/tls')
export class MonitorCertificateController {
  constructor(
    private readonly monitors: MonitorsService,
    private readonly timeline: Timeline,
  ) {}

  @Get()
  @Endpoint({
    summary: 'Certificate that the newest HTTPS check saw',
    description: '`data` is null when none was seen.',
    allow: 'viewer',
    reply: CertificateDto,
    errors: { 404: 'Monitor not found' },
  })
  async get(@Param('id') id: string): Promise<Reply<CertificateDocument | null>> {
    const monitor = await this.monitors.get(id);
    return reply('success', await this.timeline.certificate(monitor.id));
  }
}
