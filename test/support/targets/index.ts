export * from './certificates';
export * from './dns.target';
export * from './http.target';
export type { Listening } from './listening';
export * from './tcp.target';
export * from './ping.tool';
export * from './proxy.target';
