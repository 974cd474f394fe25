import { ApiProperty, ApiSchema } from '@nestjs/swagger';

const ID = '01935f0e-7a3c-7000-8000-000001000000';

@ApiSchema({ name: 'heartbeat.Model' })
export class HeartbeatDto {
  @ApiProperty({ example: ID }) id!: string;
  @ApiProperty({ example: '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d12' }) monitor_id!: string;
  @ApiProperty({ type: 'integer', enum: [0, 1, 2, 3], description: '0 down, 1 up, 2 pending, 3 maintenance' })
  status!: number;
  @ApiProperty({ example: 'TCP port 25 is open' }) msg!: string;
  @ApiProperty({ type: 'integer', example: 12, description: 'Latency, ms' }) ping!: number;
  @ApiProperty({ type: 'integer', example: 0, description: 'Always 0' }) duration!: number;
  @ApiProperty({ type: 'integer', example: 0, description: 'Down beats since the last notification' })
  down_count!: number;
  @ApiProperty({ type: 'integer', example: 0, description: 'Failing checks in a row' }) retries!: number;
  @ApiProperty({ example: false, description: 'The status changed' }) important!: boolean;
  @ApiProperty({ example: '2026-03-05T08:05:00.061Z', description: 'Start of the check' }) time!: string;
  @ApiProperty({ example: '2026-03-05T08:05:00.073Z' }) end_time!: string;
  @ApiProperty({ example: false, description: 'It was announced to the channels' }) notified!: boolean;
}
