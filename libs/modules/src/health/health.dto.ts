import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'health.Health' })
export class HealthDto {
  @ApiProperty({ example: 'ok' }) status!: 'ok';
  @ApiProperty({ example: '2026-02-01T09:30:00.123Z' }) timestamp!: string;
}

@ApiSchema({ name: 'health.Version' })
export class VersionDto {
  @ApiProperty({ example: '0.0.46' }) version!: string;
}

@ApiSchema({ name: 'health.Dependency' })
export class DependencyDto {
  @ApiProperty({ enum: ['ok', 'unavailable'] }) status!: 'ok' | 'unavailable';
  @ApiProperty({ description: 'How long the answer took, ms', example: 0.4 }) latency_ms!: number;
}

@ApiSchema({ name: 'health.Readiness' })
export class ReadinessDto {
  @ApiProperty({ enum: ['ok', 'unavailable'] }) status!: 'ok' | 'unavailable';
  @ApiProperty({ example: '2026-02-01T09:30:00.123Z' }) timestamp!: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/health.Dependency' },
    example: { database: { status: 'ok', latency_ms: 0.4 }, queue: { status: 'ok', latency_ms: 0 } },
  })
  dependencies!: Record<string, DependencyDto>;
}
