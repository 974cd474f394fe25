import { Caller, Endpoint, reply } from '@app/platform';
import type { Reply, UserPrincipal } from '@app/platform';
import { Body, Controller, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiKeyConfigDto, ApiKeyDto, ApiKeyInputDto, ApiKeyPatchDto, ApiKeyWithTokenDto } from './api-key.dto';
import { KEY_PREFIX } from './api-key.format';
import { ApiKeysService } from './api-keys.service';

const UNKNOWN = { 404: 'API key not found' };
const BAD_BODY = { 400: ['name is required', 'expiration date cannot be in the past', 'Invalid request body'] };
const GOT_CONFIG = 'API key configuration retrieved successfully';
const GOT_ALL = 'API keys retrieved successfully';
const GOT = 'API key retrieved successfully';
const CREATED = 'API key created successfully';
const UPDATED = 'API key updated successfully';

/** A key cannot make or change keys. */
const guard = { allow: 'viewer', sessionOnly: true } as const;

@ApiTags('api-keys')
@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Get('config')
  @Endpoint({ summary: 'What keys begin with', allow: 'everyone', reply: ApiKeyConfigDto, message: GOT_CONFIG })
  config(): Reply<ApiKeyConfigDto> {
    return reply(GOT_CONFIG, { prefix: KEY_PREFIX });
  }

  @Get()
  @Endpoint({
    ...guard,
    summary: 'List the own keys, newest first',
    description: "An admin gets everybody's.",
    reply: [ApiKeyDto],
    message: GOT_ALL,
  })
  async list(@Caller() caller: UserPrincipal): Promise<Reply<ApiKeyDto[]>> {
    return reply(GOT_ALL, (await this.keys.findAll(caller)).map(ApiKeyDto.from));
  }

  @Post()
  @Endpoint({
    ...guard,
    summary: 'Create a key',
    description: 'The answer has the key itself, which is never shown again.',
    status: 201,
    reply: ApiKeyWithTokenDto,
    message: CREATED,
    errors: BAD_BODY,
  })
  async create(@Caller() caller: UserPrincipal, @Body() body: ApiKeyInputDto): Promise<Reply<ApiKeyWithTokenDto>> {
    const { key, token } = await this.keys.create(body, caller);
    return reply(CREATED, { ...ApiKeyDto.from(key), token });
  }

  @Get(':id')
  @Endpoint({ ...guard, summary: 'Get a key', reply: ApiKeyDto, message: GOT, errors: UNKNOWN })
  async get(@Caller() caller: UserPrincipal, @Param('id') id: string): Promise<Reply<ApiKeyDto>> {
    return reply(GOT, ApiKeyDto.from(await this.keys.get(id, caller)));
  }

  @Put(':id')
  @Endpoint({
    ...guard,
    summary: 'Change parts of a key',
    description: 'Absent fields stay as they are; null removes expiry and maximum. Sockets of the key are closed.',
    reply: ApiKeyDto,
    message: UPDATED,
    errors: { ...BAD_BODY, ...UNKNOWN },
  })
  async change(
    @Caller() caller: UserPrincipal,
    @Param('id') id: string,
    @Body() body: ApiKeyPatchDto,
  ): Promise<Reply<ApiKeyDto>> {
    return reply(UPDATED, ApiKeyDto.from(await this.keys.change(id, body, caller)));
  }

  @Delete(':id')
  @Endpoint({
    ...guard,
    summary: 'Delete a key',
    description: 'It lets nobody in any more, at once. Deleting what does not exist is a success.',
    status: 204,
    reply: 'nothing',
  })
  async delete(@Caller() caller: UserPrincipal, @Param('id') id: string): Promise<void> {
    await this.keys.delete(id, caller);
  }
}
