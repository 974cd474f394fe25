import { Caller, Endpoint, pageParams, reply } from '@app/platform';
import type { QueryParams, Reply, UserPrincipal } from '@app/platform';
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { UserDto } from '../auth/auth.dto';
import { PASSWORD_RULE } from '../auth/passwords/password-policy';
import { UserInputDto, UserPatchDto } from './user.dto';
import { UserAccountsService } from './user-accounts.service';

const CREATED = 'User created successfully';
const UPDATED = 'User updated successfully';
const DELETED = 'User deleted successfully';
const UNKNOWN = { 404: 'User not found' };
const LAST_ADMIN = 'The last active admin must stay';
const BAD_PAGE = { 400: ['Invalid page parameter', 'Invalid limit parameter'] };

/** A key, however much it may, makes no people: who has stolen one could stay. */
const guard = { allow: 'admin', sessionOnly: true } as const;

@ApiTags('Users')
@Controller('users')
export class UsersController {
  constructor(private readonly accounts: UserAccountsService) {}

  @Get()
  @Endpoint({ ...guard, summary: 'List users by e-mail', reply: [UserDto], errors: BAD_PAGE })
  @ApiQuery({ name: 'page', required: false, example: 0, description: 'Counts from 0' })
  @ApiQuery({ name: 'limit', required: false, example: 10, description: '1 to 1000' })
  async list(@Query() query: QueryParams): Promise<Reply<UserDto[]>> {
    return reply('success', (await this.accounts.findPage(pageParams(query))).map(UserDto.from));
  }

  @Post()
  @Endpoint({
    ...guard,
    summary: 'Create a user',
    status: 201,
    reply: UserDto,
    message: CREATED,
    errors: {
      400: ['email is required; password is required', 'Please provide a valid email address', PASSWORD_RULE],
      409: 'User with this email already exists',
    },
  })
  async create(@Body() body: UserInputDto): Promise<Reply<UserDto>> {
    return reply(CREATED, UserDto.from(await this.accounts.create(body)));
  }

  @Get(':id')
  @Endpoint({ ...guard, summary: 'Get a user', reply: UserDto, errors: UNKNOWN })
  async get(@Param('id') id: string): Promise<Reply<UserDto>> {
    return reply('success', UserDto.from(await this.accounts.get(id)));
  }

  @Patch(':id')
  @Endpoint({
    ...guard,
    summary: "Change a user's role, activity or password",
    description:
      'Absent fields stay as they are. Whoever is deactivated, or given a new password, is signed out at once; an admin who changes the own password stays.',
    reply: UserDto,
    message: UPDATED,
    errors: { 400: ['role must be one of viewer, editor, admin', PASSWORD_RULE], ...UNKNOWN, 409: LAST_ADMIN },
  })
  async change(
    @Caller() caller: UserPrincipal,
    @Param('id') id: string,
    @Body() body: UserPatchDto,
  ): Promise<Reply<UserDto>> {
    return reply(UPDATED, UserDto.from(await this.accounts.change(id, body, caller)));
  }

  @Delete(':id')
  @Endpoint({
    ...guard,
    summary: 'Delete a user',
    description: 'Sessions and API keys go as well, at once. Deleting what does not exist is a success.',
    reply: null,
    message: DELETED,
    errors: { 409: LAST_ADMIN },
  })
  async delete(@Param('id') id: string): Promise<Reply<null>> {
    await this.accounts.delete(id);
    return reply(DELETED, null);
  }
}
