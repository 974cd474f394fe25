import { FlagField, ROLES, TextField } from '@app/platform';
import type { Role } from '@app/platform';
import { ApiSchema } from '@nestjs/swagger';
import { isEmail } from '../auth/email';
import { PASSWORD_RULE, isStrongPassword } from '../auth/passwords/password-policy';

const email = {
  min: 1,
  format: 'email',
  example: 'sam@acme.test',
  description: 'Unique in any letter case',
  rule: { test: isEmail, message: 'Please provide a valid email address', whole: true },
};
const password = {
  min: 1,
  format: 'password',
  example: 'TestPassword1234!',
  description: 'At least 8 bytes, with an upper-case and a lower-case letter, a number and a special character',
  rule: { test: isStrongPassword, message: PASSWORD_RULE, whole: true },
};
const role = { enum: ROLES, optional: true, example: 'editor' };
const active = { optional: true, description: 'Whether the user may sign in', example: true };

@ApiSchema({ name: 'user.CreateUserDto' })
export class UserInputDto {
  @TextField(email) email!: string;
  @TextField(password) password!: string;
  @TextField({ ...role, description: 'Absent: viewer' }) role?: Role | null;
  @FlagField({ ...active, default: true }) active?: boolean | null;
}

@ApiSchema({ name: 'user.UpdateUserDto' })
export class UserPatchDto {
  @TextField(role) role?: Role | null;
  @FlagField(active) active?: boolean | null;
  @TextField({ ...password, optional: true }) password?: string | null;
}
