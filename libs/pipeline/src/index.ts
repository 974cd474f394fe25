export * from './engine.module';
export { Backlog } from './producer/backlog';
