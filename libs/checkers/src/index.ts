export * from './checker';
export { HIDDEN, hideSecrets } from './hide-secrets';
export { CheckFailure } from './failure';
export { findMonitorType, monitorTypes, parseConfig } from './monitor-types';
export type { MonitorType } from './monitor-types';
export type { ParseOptions } from './config';
export { runCheck, watchesExpiry } from './run-check';
export { InternalFault } from '@app/outbound';
