export * from './user-accounts.service';
export * from './user.entity';
export * from './users-api.module';
export * from './users.module';
export * from './users.service';
