export * from './status-page.entity';
export * from './status-pages.module';
