import { Caller, Endpoint, reply } from '@app/platform';
import type { Principal, Reply, UserPrincipal } from '@app/platform';
import { Body, Controller, Get, Ip, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiKeyDto } from '../api-keys/api-key.dto';
import { ApiKeysService } from '../api-keys/api-keys.service';
import {
  LoginDto,
  LoginReplyDto,
  LogoutDto,
  RefreshTokenDto,
  RegisterDto,
  UpdatePasswordDto,
  UserDto,
} from './auth.dto';
import { AuthService } from './auth.service';
import { PASSWORD_RULE } from './passwords/password-policy';
import { ApiTooManyAttempts } from './too-many-attempts';

const BAD_EMAIL = 'Please provide a valid email address';

@ApiTags('Auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly keys: ApiKeysService,
  ) {}

  @Post('register')
  @Endpoint({
    summary: 'Create the first user',
    description: 'Makes an admin and signs in. Closed as soon as there is a user.',
    allow: 'everyone',
    rate: 'auth',
    signsIn: true,
    status: 201,
    reply: LoginReplyDto,
    message: 'User registered successfully',
    errors: { 400: ['admin already exists', 'Email is required; Password is required', BAD_EMAIL, PASSWORD_RULE] },
  })
  async register(@Body() { email, password }: RegisterDto): Promise<Reply<LoginReplyDto>> {
    return reply('User registered successfully', LoginReplyDto.from(await this.auth.register(email, password)));
  }

  @Post('login')
  @ApiTooManyAttempts()
  @Endpoint({
    summary: 'Sign in',
    description: 'With 2FA, the first answer is 401 `2FA token required`: send the same again with `token`.',
    allow: 'everyone',
    rate: 'auth',
    signsIn: true,
    reply: LoginReplyDto,
    message: 'Login successful',
    errors: {
      400: ['Email is required; Password is required', BAD_EMAIL],
      401: ['invalid credentials', '2FA token required', 'invalid 2FA token'],
    },
  })
  async login(@Body() body: LoginDto, @Ip() address: string): Promise<Reply<LoginReplyDto>> {
    const { email, password, token } = body;
    const signedIn = await this.auth.login({ email, password, code: token, address });
    return reply('Login successful', LoginReplyDto.from(signedIn));
  }

  @Post('refresh')
  @Endpoint({
    summary: 'Get a new pair of tokens',
    description: 'Both are of the same session, which goes on from now. The old refresh token stays valid with it.',
    allow: 'everyone',
    rate: 'auth',
    reply: LoginReplyDto,
    message: 'Token refreshed successfully',
    errors: {
      400: 'RefreshToken is required',
      401: ['invalid refresh token', 'invalid token type', 'user not found'],
    },
  })
  async refresh(@Body() { refreshToken }: RefreshTokenDto): Promise<Reply<LoginReplyDto>> {
    return reply('Token refreshed successfully', LoginReplyDto.from(await this.auth.refresh(refreshToken)));
  }

  @Post('logout')
  @Endpoint({
    summary: 'Sign out',
    description: 'Ends the session of the token, or all of the user. Its tokens and sockets end with it.',
    allow: 'viewer',
    sessionOnly: true,
    rate: 'auth',
    reply: null,
    message: 'Logged out successfully',
    errors: { 400: 'all must be true or false' },
  })
  async logout(@Caller() caller: UserPrincipal, @Body() { all }: LogoutDto): Promise<Reply<null>> {
    await this.auth.logout(caller, { all: all === true });
    return reply('Logged out successfully', null);
  }

  @Get('me')
  @Endpoint({
    summary: 'Who the caller is',
    description: 'A user, or the API key that the request was sent with.',
    allow: 'viewer',
    rate: 'auth',
    reply: { oneOf: [UserDto, ApiKeyDto] },
  })
  async me(@Caller() caller: Principal): Promise<Reply<UserDto | ApiKeyDto>> {
    if (caller.kind === 'user') return reply('success', UserDto.from(await this.auth.caller(caller)));
    return reply('success', { ...ApiKeyDto.from(await this.keys.self(caller.keyId)), role: caller.role });
  }

  @Put('password')
  @ApiTooManyAttempts()
  @Endpoint({
    summary: 'Change the own password',
    description: 'The other sessions of the user end at once.',
    allow: 'viewer',
    sessionOnly: true,
    rate: 'auth',
    reply: null,
    message: 'Password updated successfully',
    errors: {
      400: ['current password is incorrect', 'CurrentPassword is required; NewPassword is required', PASSWORD_RULE],
    },
  })
  async changePassword(@Caller() caller: UserPrincipal, @Body() body: UpdatePasswordDto): Promise<Reply<null>> {
    await this.auth.changePassword(caller, body.currentPassword, body.newPassword);
    return reply('Password updated successfully', null);
  }
}
