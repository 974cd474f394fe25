export * from './tag.entity';
export * from './tags.module';
export * from './tags.service';
