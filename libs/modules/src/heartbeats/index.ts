export * from './heartbeat.view';
export * from './heartbeats.module';
