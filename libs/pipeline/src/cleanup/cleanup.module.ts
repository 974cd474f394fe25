import { AuditModule } from '@app/modules/audit';
import { AuthModule } from '@app/modules/auth';
import { SettingsModule } from '@app/modules/settings';
import { Module } from '@nestjs/common';
import { NotifierModule } from '../notifier/notifier.module';
import { CleanupService } from './cleanup.service';

@Module({
  imports: [AuditModule, AuthModule, SettingsModule, NotifierModule],
  providers: [CleanupService],
  exports: [CleanupService],
})
export class CleanupModule {}
