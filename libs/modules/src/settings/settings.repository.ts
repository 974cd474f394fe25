import { Store } from '@app/core';
import type { Collection, New } from '@app/core';
import { Injectable } from '@nestjs/common';
import { Setting } from './setting.entity';

@Injectable()
export class SettingsRepository {
  private readonly settings: Collection<Setting>;

  constructor(store: Store) {
    this.settings = store.collection(Setting);
  }

  findByKey(key: string): Promise<Setting | null> {
    return this.settings.findOne({ key });
  }

  /** @returns false when the key is not there. */
  async update(key: string, changes: Pick<Setting, 'value' | 'type'>): Promise<boolean> {
    return (await this.settings.update({ key }, changes)) > 0;
  }

  async delete(key: string): Promise<void> {
    await this.settings.delete({ key });
  }

  /** @throws AppError `conflict` when the key is there. */
  insert(values: New<Setting>): Promise<Setting> {
    return this.settings.insert(values);
  }
}
