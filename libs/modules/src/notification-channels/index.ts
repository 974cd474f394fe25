export * from './notification-channel.entity';
export * from './notification-channels.module';
export * from './notification-channels.repository';
