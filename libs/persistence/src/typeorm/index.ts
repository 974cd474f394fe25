export * from './persistence.module';
export * from './sqlite/open-sqlite';
