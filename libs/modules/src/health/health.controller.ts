import { Config, Endpoint, UNPREFIXED } from '@app/platform';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiExtraModels, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DependencyDto, HealthDto, ReadinessDto, VersionDto } from './health.dto';
import { ReadinessService } from './readiness.service';

@ApiTags('System')
@ApiExtraModels(DependencyDto)
@Controller()
export class HealthController {
  constructor(
    private readonly config: Config,
    private readonly readiness: ReadinessService,
  ) {}

  /** `/health` for probes that know nothing of the prefix. */
  @Get(UNPREFIXED)
  @Endpoint({ summary: 'Whether the process serves', allow: 'everyone', rate: 'unlimited', reply: { raw: HealthDto } })
  health(): HealthDto {
    return { status: 'ok', timestamp: new Date().toISOString() };
  }

  @Get('health/ready')
  @Endpoint({
    summary: 'Whether everything that the server needs answers',
    description: '503, with the same body, when something does not.',
    allow: 'everyone',
    rate: 'unlimited',
    reply: { raw: ReadinessDto },
  })
  async ready(@Res({ passthrough: true }) response: FastifyReply): Promise<ReadinessDto> {
    const readiness = await this.readiness.check();
    if (readiness.status !== 'ok') void response.status(503);
    return readiness;
  }

  @Get('version')
  @Endpoint({ summary: 'The version that clients are compatible with', allow: 'everyone', reply: { raw: VersionDto } })
  version(): VersionDto {
    return { version: this.config.env.API_VERSION };
  }
}
