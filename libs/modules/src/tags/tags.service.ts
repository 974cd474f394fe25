import { AppError, explain } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { TagInputDto, TagPatchDto } from './tag.dto';
import type { Tag } from './tag.entity';
import { TagsRepository } from './tags.repository';
import type { TagPage } from './tags.repository';

const NAME_TAKEN = 'Tag with this name already exists';

@Injectable()
export class TagsService {
  constructor(private readonly tags: TagsRepository) {}

  findPage(page: TagPage): Promise<Tag[]> {
    return this.tags.findPage(page);
  }

  /** @throws AppError `not_found` */
  async get(id: string): Promise<Tag> {
    const tag = await this.tags.findById(id);
    if (!tag) throw new AppError('not_found', 'Tag not found');
    return tag;
  }

  /** @throws AppError `conflict` when another tag has the name; the unique index decides, so no race. */
  create({ name, color, description = null }: TagInputDto): Promise<Tag> {
    return this.tags.insert({ name, color, description }).catch(explain('conflict', NAME_TAKEN));
  }

  /** @throws AppError `conflict`, `not_found` */
  replace(id: string, { name, color, description = null }: TagInputDto): Promise<Tag> {
    return this.change(id, { name, color, description });
  }

  /** Absent is unchanged; a null description clears it. @throws AppError `conflict`, `not_found` */
  patch(id: string, { name, color, description }: TagPatchDto): Promise<Tag> {
    return this.change(id, { name: name ?? undefined, color: color ?? undefined, description });
  }

  async delete(id: string): Promise<void> {
    await this.tags.delete(id);
  }

  private async change(id: string, changes: { name?: string; color?: string; description?: string | null }) {
    // A taken name is reported even when the id is unknown: clients are used to that order.
    if (changes.name !== undefined && (await this.tags.nameIsTaken(changes.name, id))) {
      throw new AppError('conflict', NAME_TAKEN);
    }
    const isEmpty = Object.values(changes).every((value) => value === undefined);
    if (!isEmpty) await this.tags.update(id, changes).catch(explain('conflict', NAME_TAKEN));
    return this.get(id);
  }
}
