import { ApiProperty, ApiSchema } from '@nestjs/swagger';

const COUNT = { type: 'integer' } as const;

@ApiSchema({ name: 'monitor.StatPoint' })
export class StatPointDto {
  @ApiProperty({ ...COUNT, example: 60 }) up!: number;
  @ApiProperty({ ...COUNT, example: 0, description: 'Down and pending beats' }) down!: number;
  @ApiProperty({ ...COUNT, example: 0 }) maintenance!: number;
  @ApiProperty({ example: 38.4, description: 'Mean latency of the up beats, ms' }) ping!: number;
  @ApiProperty({ example: 31 }) ping_min!: number;
  @ApiProperty({ example: 77 }) ping_max!: number;
  @ApiProperty({ ...COUNT, example: 1772694000000, description: 'Start, epoch milliseconds' }) timestamp!: number;
}

@ApiSchema({ name: 'monitor.StatPointsSummaryDto' })
export class StatPointsSummaryDto {
  @ApiProperty({ type: [StatPointDto] }) points!: StatPointDto[];
  @ApiProperty({ type: Number, nullable: true, example: 77 }) maxPing!: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 31 }) minPing!: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 38.4 }) avgPing!: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 100, description: 'Percent' }) uptime!: number | null;
}

@ApiSchema({ name: 'monitor.CustomUptimeStatsDto' })
export class UptimeStatsDto {
  @ApiProperty({ example: 99.93055555555556, description: 'Percent of the last 24 hours' }) '24h'!: number;
  @ApiProperty({ example: 99.8 }) '7d'!: number;
  @ApiProperty({ example: 99.91 }) '30d'!: number;
  @ApiProperty({ example: 99.9 }) '365d'!: number;
}
