import { Caller, Endpoint, mayActAs, pageParams, reply, searchParam } from '@app/platform';
import type { Principal, QueryParams, Reply } from '@app/platform';
import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { ProxiesService } from './proxies.service';
import { ProxyDto, ProxyInputDto, ProxyPatchDto } from './proxy.dto';

const UPDATED = 'proxy updated successfully';
const UNKNOWN = { 404: 'Proxy not found' };
const BAD_BODY = {
  400: [
    'protocol is required; host is required; port is required',
    'username is required; password is required',
    'Invalid request body',
  ],
};
const BAD_PAGE = { 400: ['Invalid page parameter', 'Invalid limit parameter'] };

@ApiTags('Proxies')
@Controller('proxies')
export class ProxiesController {
  constructor(private readonly proxies: ProxiesService) {}

  @Get()
  @Endpoint({
    summary: 'List proxies, newest first',
    description: 'Viewers do not see the credentials.',
    allow: 'viewer',
    reply: [ProxyDto],
    errors: BAD_PAGE,
  })
  @ApiQuery({ name: 'q', required: false, description: 'Part of the host, in any letter case' })
  @ApiQuery({ name: 'page', required: false, example: 0, description: 'Counts from 0' })
  @ApiQuery({ name: 'limit', required: false, example: 10, description: '1 to 1000' })
  async list(@Caller() caller: Principal, @Query() query: QueryParams): Promise<Reply<ProxyDto[]>> {
    const proxies = await this.proxies.findPage({ ...pageParams(query), search: searchParam(query) });
    return reply(
      'success',
      proxies.map((view) => ProxyDto.from(view, mayKnowSecrets(caller))),
    );
  }

  @Post()
  @Endpoint({
    summary: 'Create a proxy',
    allow: 'editor',
    status: 201,
    reply: ProxyDto,
    message: 'Proxy created successfully',
    errors: BAD_BODY,
  })
  async create(@Body() body: ProxyInputDto): Promise<Reply<ProxyDto>> {
    return reply('Proxy created successfully', ProxyDto.from(await this.proxies.create(body), true));
  }

  @Get(':id')
  @Endpoint({
    summary: 'Get a proxy',
    description: 'Viewers do not see the credentials.',
    allow: 'viewer',
    reply: ProxyDto,
    errors: UNKNOWN,
  })
  async get(@Caller() caller: Principal, @Param('id') id: string): Promise<Reply<ProxyDto>> {
    return reply('success', ProxyDto.from(await this.proxies.get(id), mayKnowSecrets(caller)));
  }

  @Put(':id')
  @Endpoint({
    summary: 'Replace a proxy',
    description: 'What is absent is cleared.',
    allow: 'editor',
    reply: ProxyDto,
    message: UPDATED,
    errors: { ...BAD_BODY, ...UNKNOWN },
  })
  async replace(@Param('id') id: string, @Body() body: ProxyInputDto): Promise<Reply<ProxyDto>> {
    return reply(UPDATED, ProxyDto.from(await this.proxies.replace(id, body), true));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change parts of a proxy',
    description: 'Absent and null fields stay as they are; `""` clears a credential.',
    allow: 'editor',
    reply: ProxyDto,
    message: UPDATED,
    errors: { ...BAD_BODY, ...UNKNOWN },
  })
  async patch(@Param('id') id: string, @Body() body: ProxyPatchDto): Promise<Reply<ProxyDto>> {
    return reply(UPDATED, ProxyDto.from(await this.proxies.patch(id, body), true));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a proxy',
    description: 'Monitors that used it go straight. Deleting what does not exist is a success.',
    allow: 'editor',
    reply: null,
    message: 'Proxy deleted successfully',
  })
  async delete(@Param('id') id: string): Promise<Reply<null>> {
    await this.proxies.delete(id);
    return reply('Proxy deleted successfully', null);
  }
}

/** Whoever may change a proxy edits its credentials in place. */
function mayKnowSecrets({ role }: Principal): boolean {
  return mayActAs(role, 'editor');
}
