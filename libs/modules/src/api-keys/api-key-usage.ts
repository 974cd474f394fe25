import { Clock } from '@app/core';
import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { ApiKeysRepository } from './api-keys.repository';

/** Uses of keys without a maximum are written down together, at most so much later. */
const WRITE_EVERY_MS = 5_000;

interface Claim {
  resolve: (admitted: boolean) => void;
  reject: (error: unknown) => void;
}

interface Uses {
  count: number;
  lastMs: number;
}

/**
 * Counts how often keys are used. One with a maximum is counted in the database before it lets anybody in; those who
 * come while that is under way are counted together by the next write. The others cost no write of their own.
 */
@Injectable()
export class ApiKeyUsage implements BeforeApplicationShutdown {
  private readonly logger = new Logger('ApiKeys');
  /** By key; there as long as somebody is being counted. */
  private readonly claims = new Map<string, Claim[]>();
  private noted = new Map<string, Uses>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly clock: Clock,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  /** One use of a key without a maximum. */
  note(keyId: string): void {
    this.add(keyId, { count: 1, lastMs: this.clock.now() });
    this.timer ??= setTimeout(() => void this.flush(), WRITE_EVERY_MS).unref();
  }

  /** One use of a key with a maximum. @returns false when all are used up. */
  claim(keyId: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const claims = this.claims.get(keyId);
      if (claims) return void claims.push({ resolve, reject });
      this.claims.set(keyId, [{ resolve, reject }]);
      void this.settle(keyId);
    });
  }

  /** Writes down what was noted. What cannot be written now is written with the next. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  private async settle(keyId: string): Promise<void> {
    const claims = this.claims.get(keyId)!;
    while (claims.length > 0) {
      const batch = claims.splice(0);
      try {
        const admitted = await this.keys.use(keyId, batch.length, new Date(this.clock.now()));
        batch.forEach(({ resolve }, i) => resolve(i < admitted));
      } catch (error) {
        batch.forEach(({ reject }) => reject(error));
      }
    }
    this.claims.delete(keyId);
  }

  private async write(): Promise<void> {
    const noted = this.noted;
    this.noted = new Map();
    for (const [keyId, uses] of noted) {
      try {
        await this.keys.addUses(keyId, uses.count, new Date(uses.lastMs));
      } catch (error) {
        this.logger.error({ err: error, keyId }, 'Uses of an API key could not be counted yet');
        this.add(keyId, uses);
      }
    }
  }

  private add(keyId: string, { count, lastMs }: Uses): void {
    const uses = this.noted.get(keyId);
    if (!uses) return void this.noted.set(keyId, { count, lastMs });
    uses.count += count;
    uses.lastMs = Math.max(uses.lastMs, lastMs);
  }
}
