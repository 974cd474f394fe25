export * from './engine';
export * from './engines';
export * from './persistence.module';
