export * from './limits';
export * from './realtime.module';
