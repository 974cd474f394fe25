export * from './health.module';
export { MORE_PROBES } from './readiness.service';
