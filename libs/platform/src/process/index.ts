export * from './probe-server';
export * from './readiness';
export { RELEASE } from './release';
export * from './run-main';
export * from './start-service';
