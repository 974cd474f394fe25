import { Caller, Endpoint, reply } from '@app/platform';
import type { UserPrincipal, Reply } from '@app/platform';
import { Body, Controller, Post } from '@nestjs/common';
import { ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import {
  TwoFactorDisableDto,
  TwoFactorSetupDto,
  TwoFactorSetupReplyDto,
  TwoFactorVerifyDto,
  TwoFactorVerifyReplyDto,
} from '../auth.dto';
import { ApiTooManyAttempts } from '../too-many-attempts';
import { TwoFactorService } from './two-factor.service';

const NOT_SIGNED_IN = { 401: ['Authorization header is required', 'Invalid or expired token'] };
const BAD_PASSWORD = ['invalid password', 'Email is required; Password is required'];

@ApiTags('Auth')
@Controller('auth/2fa')
export class TwoFactorController {
  constructor(private readonly twoFactor: TwoFactorService) {}

  @Post('setup')
  @ApiTooManyAttempts()
  @Endpoint({
    summary: 'Get a secret for an authenticator app',
    description: '2FA is active once a code was confirmed. Until then each call answers a fresh secret.',
    allow: 'viewer',
    sessionOnly: true,
    rate: 'auth',
    reply: { raw: TwoFactorSetupReplyDto },
    errors: { 400: [...BAD_PASSWORD, '2FA is already active'], ...NOT_SIGNED_IN },
  })
  setup(@Caller() { userId }: UserPrincipal, @Body() { password }: TwoFactorSetupDto): Promise<TwoFactorSetupReplyDto> {
    return this.twoFactor.setup(userId, password);
  }

  @Post('verify')
  @ApiTooManyAttempts()
  @Endpoint({
    summary: 'Confirm a code, which makes 2FA active',
    description: 'The other sessions of the user end at once. A code is accepted once.',
    allow: 'viewer',
    sessionOnly: true,
    rate: 'auth',
    reply: { raw: TwoFactorVerifyReplyDto },
    errors: NOT_SIGNED_IN,
  })
  @ApiResponse({
    status: 400,
    description: 'The code, or the input, is refused',
    content: {
      'application/json': {
        schema: {
          oneOf: [{ $ref: getSchemaPath(TwoFactorVerifyReplyDto) }, { $ref: '#/components/schemas/utils.APIError' }],
        },
        examples: {
          example1: { value: { success: false, message: 'invalid 2FA code' } },
          example2: { value: { success: false, message: '2FA not setup' } },
          example3: { value: { message: 'Email is required; Code is required', data: null } },
        },
      },
    },
  })
  async verify(
    @Caller() { userId, sessionId }: UserPrincipal,
    @Body() { code }: TwoFactorVerifyDto,
  ): Promise<TwoFactorVerifyReplyDto> {
    await this.twoFactor.confirm(userId, sessionId, code);
    return { success: true, message: '2FA verification successful' };
  }

  @Post('disable')
  @ApiTooManyAttempts()
  @Endpoint({
    summary: 'Switch 2FA off',
    description: 'A success also when it was off. The other sessions of the user end at once.',
    allow: 'viewer',
    sessionOnly: true,
    rate: 'auth',
    reply: null,
    message: '2FA disabled successfully',
    errors: { 400: [...BAD_PASSWORD, 'invalid 2FA code'], ...NOT_SIGNED_IN },
  })
  async disable(
    @Caller() caller: UserPrincipal,
    @Body() { password, code }: TwoFactorDisableDto,
  ): Promise<Reply<null>> {
    await this.twoFactor.disable(caller.userId, caller.sessionId, password, code);
    return reply('2FA disabled successfully', null);
  }
}
