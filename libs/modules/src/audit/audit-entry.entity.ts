import { Entity, Index, Instant, Stored, Text } from '@app/core';
import type { AuditRecord, AuditedPrincipal } from '@app/platform';

/** What nobody searches for: one column instead of many, as there is a row for every write. */
export interface AuditDetails extends Pick<AuditRecord, 'fields' | 'method' | 'route' | 'address' | 'userAgent'> {
  principalKind: AuditedPrincipal['kind'];
  principalName: string;
}

/** One thing that somebody did. Ids rise with time, so pages go by them; nothing refers to what may be deleted. */
@Stored('audit_entries')
@Index(['resource', 'resourceId', 'id'])
@Index(['principalId', 'id'])
export class AuditEntry extends Entity {
  @Instant() at!: Date;
  /** Empty for a command. */
  @Text({ max: 36 }) principalId!: string;
  @Text({ max: 50 }) action!: string;
  @Text({ max: 50 }) resource!: string;
  @Text({ max: 255, nullable: true }) resourceId!: string | null;
  /** {@link AuditDetails}, as JSON. */
  @Text() details!: string;
}
