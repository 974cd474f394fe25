export * from './probe-server';
export * from './readiness';
export { RELEASE } from './release';
export * from './run-main';
export * from './service-context';
export * from './start-service';
