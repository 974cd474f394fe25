export * from './maintenance-calendar';
export * from './maintenance.entity';
export * from './maintenances.module';
export * from './maintenances.service';
