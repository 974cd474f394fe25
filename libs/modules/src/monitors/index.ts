export * from './monitor.dto';
export * from './monitor.entity';
export * from './monitor-rules';
export * from './monitors.module';
export * from './monitors.repository';
export * from './monitors.service';
