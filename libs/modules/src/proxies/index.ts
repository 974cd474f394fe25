export * from './proxies.module';
export * from './proxy-directory';
export * from './proxy.entity';
