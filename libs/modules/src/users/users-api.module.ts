import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { AdminSeat } from './admin-seat';
import { UserAccountsService } from './user-accounts.service';
import { UsersController } from './users.controller';
import { UsersModule } from './users.module';

/** What admins do with accounts; apart from `UsersModule`, which signing in stands on. */
@Module({
  imports: [AuthModule, UsersModule],
  providers: [AdminSeat, UserAccountsService],
  exports: [UserAccountsService],
})
export class AccountsModule {}

/** Adds the REST routes; only the API server imports it. */
@Module({ imports: [AccountsModule], controllers: [UsersController] })
export class UsersApiModule {}
