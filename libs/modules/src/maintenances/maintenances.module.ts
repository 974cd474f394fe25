import { Module } from '@nestjs/common';
import { MaintenanceCalendar } from './maintenance-calendar';
import { MaintenancesController } from './maintenances.controller';
import { MaintenancesRepository } from './maintenances.repository';
import { MaintenancesService } from './maintenances.service';

@Module({
  providers: [MaintenancesRepository, MaintenancesService, MaintenanceCalendar],
  exports: [MaintenancesService, MaintenanceCalendar],
})
export class MaintenancesModule {}

/** Adds the REST routes; only the API server imports it. */
@Module({ imports: [MaintenancesModule], controllers: [MaintenancesController] })
export class MaintenancesApiModule {}
