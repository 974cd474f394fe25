import { Endpoint, pageParams, reply, searchParam } from '@app/platform';
import type { QueryParams, Reply } from '@app/platform';
import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { TagDto, TagInputDto, TagPatchDto } from './tag.dto';
import { TagsService } from './tags.service';

const NAME_TAKEN = { 409: 'Tag with this name already exists' };
const UNKNOWN = { 404: 'Tag not found' };
const BAD_BODY = { 400: ['name is required; color is required', 'Invalid request body'] };
const BAD_PAGE = { 400: ['Invalid page parameter', 'Invalid limit parameter'] };

@ApiTags('Tags')
@Controller('tags')
export class TagsController {
  constructor(private readonly tags: TagsService) {}

  @Get()
  @Endpoint({ summary: 'List tags by name', allow: 'viewer', reply: [TagDto], errors: BAD_PAGE })
  @ApiQuery({ name: 'q', required: false, description: 'Part of the name, in any letter case' })
  @ApiQuery({ name: 'page', required: false, example: 0, description: 'Counts from 0' })
  @ApiQuery({ name: 'limit', required: false, example: 10, description: '1 to 1000' })
  async list(@Query() query: QueryParams): Promise<Reply<TagDto[]>> {
    const tags = await this.tags.findPage({ ...pageParams(query), search: searchParam(query) });
    return reply('success', tags.map(TagDto.from));
  }

  @Post()
  @Endpoint({
    summary: 'Create a tag',
    allow: 'editor',
    status: 201,
    reply: TagDto,
    message: 'Tag created successfully',
    errors: { ...BAD_BODY, ...NAME_TAKEN },
  })
  async create(@Body() body: TagInputDto): Promise<Reply<TagDto>> {
    return reply('Tag created successfully', TagDto.from(await this.tags.create(body)));
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a tag', allow: 'viewer', reply: TagDto, errors: UNKNOWN })
  async get(@Param('id') id: string): Promise<Reply<TagDto>> {
    return reply('success', TagDto.from(await this.tags.get(id)));
  }

  @Put(':id')
  @Endpoint({
    summary: 'Replace a tag',
    allow: 'editor',
    reply: TagDto,
    message: 'Tag updated successfully',
    errors: { ...BAD_BODY, ...UNKNOWN, ...NAME_TAKEN },
  })
  async replace(@Param('id') id: string, @Body() body: TagInputDto): Promise<Reply<TagDto>> {
    return reply('Tag updated successfully', TagDto.from(await this.tags.replace(id, body)));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change parts of a tag',
    description: 'Absent fields stay as they are; a null description is cleared.',
    allow: 'editor',
    reply: TagDto,
    message: 'Tag updated successfully',
    errors: { ...BAD_BODY, ...UNKNOWN, ...NAME_TAKEN },
  })
  async patch(@Param('id') id: string, @Body() body: TagPatchDto): Promise<Reply<TagDto>> {
    return reply('Tag updated successfully', TagDto.from(await this.tags.patch(id, body)));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a tag',
    description: 'Monitors lose it. Deleting what does not exist is a success.',
    allow: 'editor',
    reply: null,
    message: 'Tag deleted successfully',
  })
  async delete(@Param('id') id: string): Promise<Reply<null>> {
    await this.tags.delete(id);
    return reply('Tag deleted successfully', null);
  }
}
