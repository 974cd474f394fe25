export * from './in-process-messaging.module';
export * from './in-process.check-queue';
export * from './in-process.event-bus';
export * from './in-process.lock';
export * from './in-process.presence';
export * from './in-process.rate-counter';
export * from './in-process.result-queue';
export * from './in-process.schedule';
