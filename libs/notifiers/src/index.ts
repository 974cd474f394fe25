export * from './delivery-error';
export * from './deliver';
export { createNotifierHttp } from './http';
export type { NotifierHttp, NotifierHttpOptions, NotifierRequest, NotifierResponse } from './http';
export type * from './notifier';
export * from './registry';
export * from './status-look';
export * from './test-message';
