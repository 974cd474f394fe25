import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { AuditDetails, AuditEntry } from './audit-entry.entity';

@ApiSchema({ name: 'audit.Model' })
export class AuditEntryDto {
  @ApiProperty({ example: '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d30' }) id!: string;
  @ApiProperty({ example: '2026-02-01T09:30:00.293Z' }) time!: string;
  @ApiProperty({ enum: ['user', 'api-key', 'command'], example: 'user' }) principal_kind!: string;
  @ApiProperty({ example: '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d10' }) principal_id!: string;
  @ApiProperty({ description: 'E-mail of a user, name of a key', example: 'ops@acme.test' }) principal_name!: string;
  @ApiProperty({ description: 'create, update, delete, reset, …', example: 'update' }) action!: string;
  @ApiProperty({ description: 'First part of the path', example: 'monitors' }) resource!: string;
  @ApiProperty({ type: String, nullable: true, example: '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d12' })
  resource_id!: string | null;
  @ApiProperty({ type: [String], description: 'Names of the fields that were sent', example: ['interval'] })
  fields!: string[];
  @ApiProperty({ example: 'PATCH' }) method!: string;
  @ApiProperty({ example: '/api/v1/monitors/:id' }) route!: string;
  @ApiProperty({ example: '192.0.2.7' }) address!: string;
  @ApiProperty({ example: 'curl/8.5.0' }) user_agent!: string;

  static from(this: void, entry: AuditEntry): AuditEntryDto {
    const details = JSON.parse(entry.details) as AuditDetails;
    return {
      id: entry.id,
      time: entry.at.toISOString(),
      principal_kind: details.principalKind,
      principal_id: entry.principalId,
      principal_name: details.principalName,
      action: entry.action,
      resource: entry.resource,
      resource_id: entry.resourceId,
      fields: details.fields,
      method: details.method,
      route: details.route,
      address: details.address,
      user_agent: details.userAgent,
    };
  }
}
