import { Module } from '@nestjs/common';
import { SettingsController } from './settings.controller';
import { SettingsRepository } from './settings.repository';
import { SettingsService } from './settings.service';

@Module({ providers: [SettingsRepository, SettingsService], exports: [SettingsService] })
export class SettingsModule {}

/** Adds the REST routes; only the API server imports it. */
@Module({ imports: [SettingsModule], controllers: [SettingsController] })
export class SettingsApiModule {}
