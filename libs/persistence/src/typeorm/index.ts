export * from './sqlite/open-sqlite';
