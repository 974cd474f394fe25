import { Module } from '@nestjs/common';
import { TagsController } from './tags.controller';
import { TagsRepository } from './tags.repository';
import { TagsService } from './tags.service';

@Module({ providers: [TagsRepository, TagsService], exports: [TagsService] })
export class TagsModule {}

/** Adds the REST routes; only the API server imports it. */
@Module({ imports: [TagsModule], controllers: [TagsController] })
export class TagsApiModule {}
