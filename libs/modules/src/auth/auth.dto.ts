import { FlagField, OptionalBody, ROLES, TextField } from '@app/platform';
import type { Role } from '@app/platform';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { User } from '../users/user.entity';
import type { SignedIn } from './auth.service';
import { isEmail } from './email';
import { PASSWORD_RULE, isStrongPassword } from './passwords/password-policy';

/** A text that must be there, named in messages as clients of this API know it. */
const required = (label: string) => ({ label, emptyMessage: `${label} is required` });

const email = {
  ...required('Email'),
  format: 'email',
  example: 'ops@acme.test',
  rule: { test: isEmail, message: 'Please provide a valid email address', whole: true },
};
const password = { ...required('Password'), format: 'password', example: 'TestPassword1234!' };
const strong = {
  description: 'At least 8 bytes, with an upper-case and a lower-case letter, a number and a special character',
  rule: { test: isStrongPassword, message: PASSWORD_RULE, whole: true },
};

@ApiSchema({ name: 'auth.RegisterDto' })
export class RegisterDto {
  @TextField(email) email!: string;
  @TextField({ ...password, ...strong }) password!: string;
}

@ApiSchema({ name: 'auth.LoginDto' })
export class LoginDto {
  @TextField({ ...email, description: 'In any letter case' }) email!: string;
  @TextField(password) password!: string;
  @TextField({ label: 'Token', optional: true, description: 'Six digits of the authenticator app', example: '123456' })
  token?: string | null;
}

@ApiSchema({ name: 'auth.RefreshTokenDto' })
export class RefreshTokenDto {
  @TextField({ ...required('RefreshToken'), example: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln' })
  refreshToken!: string;
}

@OptionalBody()
@ApiSchema({ name: 'auth.LogoutDto' })
export class LogoutDto {
  @FlagField({ optional: true, description: 'Ends all sessions of the user instead of this one', example: false })
  all?: boolean | null;
}

@ApiSchema({ name: 'auth.UpdatePasswordDto' })
export class UpdatePasswordDto {
  @TextField({ ...password, ...required('CurrentPassword') }) currentPassword!: string;
  @TextField({ ...password, ...required('NewPassword'), ...strong, example: 'OtherPassword99?' }) newPassword!: string;
}

@ApiSchema({ name: 'auth.TwoFASetupRequestDto' })
export class TwoFactorSetupDto {
  @TextField({ ...email, description: 'Not looked at: the token says who it is' }) email!: string;
  @TextField(password) password!: string;
}

@ApiSchema({ name: 'auth.TwoFADisableRequestDto' })
export class TwoFactorDisableDto extends TwoFactorSetupDto {
  @TextField({ label: 'Code', optional: true, description: 'Checked when given', example: '123456' })
  code?: string | null;
}

@ApiSchema({ name: 'auth.TwoFAVerifyRequestDto' })
export class TwoFactorVerifyDto {
  @TextField({ ...email, description: 'Not looked at: the token says who it is' }) email!: string;
  @TextField({ ...required('Code'), description: 'Six digits of the authenticator app', example: '123456' })
  code!: string;
}

@ApiSchema({ name: 'auth.TwoFASetupResponseDto' })
export class TwoFactorSetupReplyDto {
  @ApiProperty({ description: 'Base32', example: '4TCFON767ZOHJJVL7QGPHDEHSVJQ6I3P' }) secret!: string;
  @ApiProperty({
    description: 'For the QR code',
    example:
      'otpauth://totp/peekaping:ops@acme.test?algorithm=SHA1&digits=6&issuer=peekaping&period=30&secret=4TCFON767ZOHJJVL7QGPHDEHSVJQ6I3P',
  })
  provisioningUri!: string;
}

@ApiSchema({ name: 'auth.TwoFAVerifyResponseDto' })
export class TwoFactorVerifyReplyDto {
  @ApiProperty({ example: true }) success!: boolean;
  @ApiProperty({ example: '2FA verification successful' }) message!: string;
}

@ApiSchema({ name: 'auth.TooManyAttempts' })
export class TooManyAttemptsDto {
  @ApiProperty({ example: 'too many attempts, try later' }) message!: string;
  @ApiProperty({ description: 'Seconds; also in the header `Retry-After`', example: 41 }) retry_after!: number;
  @ApiProperty({ example: false }) success!: boolean;
}

@ApiSchema({ name: 'auth.Model' })
export class UserDto {
  @ApiProperty({ example: '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d10' }) id!: string;
  @ApiProperty({ example: 'ops@acme.test' }) email!: string;
  @ApiProperty({ description: 'Whether the user may sign in', example: true }) active!: boolean;
  @ApiProperty({ description: 'Whether signing in takes a code', example: false }) twofa_status!: boolean;
  @ApiProperty({ enum: ROLES, example: 'admin' }) role!: Role;
  @ApiProperty({ example: '2026-02-01T09:30:00.940Z' }) createdAt!: string;
  @ApiProperty({ example: '2026-02-01T09:30:00.940Z' }) updatedAt!: string;

  static from(this: void, user: User): UserDto {
    return {
      id: user.id,
      email: user.email,
      active: user.active,
      twofa_status: user.totpEnabled,
      role: user.role,
      createdAt: user.createdAt.toISOString(),
      updatedAt: user.updatedAt.toISOString(),
    };
  }
}

@ApiSchema({ name: 'auth.LoginResponse' })
export class LoginReplyDto {
  @ApiProperty({ type: UserDto }) user!: UserDto;
  @ApiProperty({ example: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln' }) accessToken!: string;
  @ApiProperty({ example: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln' }) refreshToken!: string;

  static from(this: void, { user, accessToken, refreshToken }: SignedIn): LoginReplyDto {
    return { user: UserDto.from(user), accessToken, refreshToken };
  }
}
