import { Endpoint, pageParams, reply, searchParam } from '@app/platform';
import type { QueryParams, Reply } from '@app/platform';
import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { StatusPageDetailDto, StatusPageDto, StatusPageInputDto, StatusPagePatchDto } from './status-page.dto';
import { StatusPagesService } from './status-pages.service';

const UNKNOWN = { 404: 'Status page not found' };
const BAD_BODY = {
  400: [
    'slug is required; title is required',
    'Slug is already in use',
    'monitor_ids holds an id that does not exist',
    'domains must be host names, without scheme and port',
    'Invalid request body',
  ],
};

@ApiTags('Status pages')
@Controller('status-pages')
export class StatusPagesController {
  constructor(private readonly pages: StatusPagesService) {}

  @Get()
  @Endpoint({
    summary: 'List status pages, newest first',
    allow: 'viewer',
    reply: [StatusPageDto],
    errors: { 400: ['Invalid page parameter', 'Invalid limit parameter'] },
  })
  @ApiQuery({ name: 'q', required: false, description: 'Part of title or description, in any letter case' })
  @ApiQuery({ name: 'page', required: false, example: 0, description: 'Counts from 0' })
  @ApiQuery({ name: 'limit', required: false, example: 10, description: '1 to 1000' })
  async list(@Query() query: QueryParams): Promise<Reply<StatusPageDto[]>> {
    const pages = await this.pages.findPage(searchParam(query), pageParams(query));
    return reply('success', pages.map(StatusPageDto.from));
  }

  @Post()
  @Endpoint({
    summary: 'Create a status page',
    description: 'A domain that belongs to another page: 400 `{"error":{"code":"DOMAIN_EXISTS","domain":"…"}}`.',
    allow: 'editor',
    status: 201,
    reply: StatusPageDto,
    message: 'Status page created successfully',
    errors: BAD_BODY,
  })
  async create(@Body() body: StatusPageInputDto, @Req() request: FastifyRequest): Promise<Reply<StatusPageDto>> {
    const page = await this.pages.create(body, request.hostname);
    return reply('Status page created successfully', StatusPageDto.from(page));
  }

  @Get(':id')
  @Endpoint({
    summary: 'Get a status page with its monitors and domains',
    allow: 'viewer',
    reply: StatusPageDetailDto,
    errors: UNKNOWN,
  })
  async get(@Param('id') id: string): Promise<Reply<StatusPageDetailDto>> {
    return reply('success', await this.pages.getDetail(id));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change parts of a status page',
    description:
      'Absent and null fields stay as they are; `[]` removes all monitors or domains, an empty password the password.',
    allow: 'editor',
    reply: StatusPageDto,
    message: 'Status page updated successfully',
    errors: { ...BAD_BODY, ...UNKNOWN },
  })
  async patch(
    @Param('id') id: string,
    @Body() body: StatusPagePatchDto,
    @Req() request: FastifyRequest,
  ): Promise<Reply<StatusPageDto>> {
    const page = await this.pages.patch(id, body, request.hostname);
    return reply('Status page updated successfully', StatusPageDto.from(page));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a status page',
    description: 'Its slug and domains are free again. Deleting what does not exist is a success.',
    allow: 'editor',
    reply: null,
    message: 'Status page deleted successfully',
  })
  async delete(@Param('id') id: string): Promise<Reply<null>> {
    await this.pages.delete(id);
    return reply('Status page deleted successfully', null);
  }
}
