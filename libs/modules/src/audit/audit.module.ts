import { AuditTrail } from '@app/platform';
import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller';
import { AuditRepository } from './audit.repository';
import { AuditService } from './audit.service';

@Module({
  providers: [AuditRepository, AuditService, { provide: AuditTrail, useExisting: AuditService }],
  exports: [AuditService, AuditTrail],
})
export class AuditModule {}

/** Adds the REST routes; only the API server imports it. */
@Module({ imports: [AuditModule], controllers: [AuditController] })
export class AuditApiModule {}
