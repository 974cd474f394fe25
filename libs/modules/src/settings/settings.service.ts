import { AppError, Clock, EventBus, MINUTE, isAppError } from '@app/core';
import type { New } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Setting, SettingType } from './setting.entity';
import { acceptValue, isSecret, storedKey } from './setting-rules';
import { SettingsRepository } from './settings.repository';

/** Made at start when missing; a value that somebody set stays. */
const DEFAULTS: readonly New<Setting>[] = [
  { key: 'ACCESS_TOKEN_EXPIRED_IN', value: '15m', type: 'string' },
  { key: 'REFRESH_TOKEN_EXPIRED_IN', value: '720h', type: 'string' },
  { key: 'cert_expiry_notify_days', value: '[7,14,21]', type: 'json' },
];

/** What holds for a key that nobody set, or that somebody deleted. */
const FALLBACKS = new Map([
  ...DEFAULTS.map(({ key, value }) => [key, value] as const),
  ['KEEP_DATA_PERIOD_DAYS', '365'],
]);

interface Reading {
  value: Promise<string | null>;
  /** Epoch ms. */
  freshUntil: number;
}

@Injectable()
export class SettingsService implements OnModuleInit, OnModuleDestroy {
  /** Changes are announced on the bus; should an announcement be lost, a value is at most a minute old. */
  private readonly cache = new LRUCache<string, Reading>({ max: 100 });
  private readonly stop: (() => void)[];

  constructor(
    private readonly settings: SettingsRepository,
    private readonly clock: Clock,
    private readonly bus: EventBus,
  ) {
    this.stop = [
      bus.subscribe('setting.changed', ({ key }) => this.cache.delete(key)),
      bus.subscribe('messages.lost', () => this.cache.clear()),
    ];
  }

  async onModuleInit(): Promise<void> {
    for (const setting of DEFAULTS) await this.addIfMissing(setting);
  }

  onModuleDestroy(): void {
    for (const stop of this.stop) stop();
  }

  /** The value or its default; null when there is none. While the database is away, what it was when it could be read last. */
  get(key: string): Promise<string | null> {
    const known = this.cache.get(key);
    if (known && this.clock.now() < known.freshUntil) return known.value;
    // Remembered before the row is read: a change meanwhile removes it, whatever the read saw.
    const value = this.settings.findByKey(key).then((setting) => setting?.value ?? FALLBACKS.get(key) ?? null);
    const reading = { value, freshUntil: this.clock.now() + MINUTE };
    this.cache.set(key, reading);
    return value.catch((error: unknown) => {
      if (this.cache.peek(key) === reading) this.cache.delete(key);
      if (!known || !isAppError(error, 'unavailable')) throw error;
      this.cache.set(key, known);
      return known.value;
    });
  }

  /** The stored setting, as an API client spells its key. @throws AppError `not_found`, also for secrets */
  async find(key: string): Promise<Setting> {
    const setting = isSecret(key) ? null : await this.settings.findByKey(storedKey(key));
    if (!setting) throw new AppError('not_found', 'Setting not found');
    return setting;
  }

  /**
   * Creates or replaces; the unique key decides who creates.
   * @throws AppError `forbidden` for secrets, `invalid` for a value that does not fit
   */
  async put(key: string, value: string, type: SettingType): Promise<Setting> {
    refuseSecret(key);
    acceptValue(key, value, type);
    const stored = { key: storedKey(key), value, type };
    if (!(await this.settings.update(stored.key, { value, type }))) {
      await this.settings.insert(stored).catch(async (error: unknown) => {
        if (!isAppError(error, 'conflict')) throw error;
        await this.settings.update(stored.key, { value, type });
      });
    }
    this.bus.publish('setting.changed', { key: stored.key });
    return this.find(key);
  }

  /** Deleting what does not exist is a success. @throws AppError `forbidden` for secrets */
  async delete(key: string): Promise<void> {
    refuseSecret(key);
    await this.settings.delete(storedKey(key));
    this.bus.publish('setting.changed', { key: storedKey(key) });
  }

  /** Several servers may start at once: whoever comes second leaves it. */
  private async addIfMissing(setting: New<Setting>): Promise<void> {
    if (await this.settings.findByKey(setting.key)) return;
    try {
      await this.settings.insert(setting);
    } catch (error) {
      if (!isAppError(error, 'conflict')) throw error;
    }
  }
}

function refuseSecret(key: string): void {
  if (isSecret(key)) throw new AppError('forbidden', 'Secrets of the instance cannot be changed here');
}
