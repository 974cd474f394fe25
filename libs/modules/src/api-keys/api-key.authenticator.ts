import { hash } from 'node:crypto';
import { AppError, Clock, EventBus } from '@app/core';
import { lesserRole } from '@app/platform';
import type { KeyPrincipal, Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import type { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import { askStrategy } from '../auth/ask-strategy';
import { GrantCache } from '../auth/grant-cache';
import type { AccessGrant } from '../auth/grant-cache';
import { isBcrypt, matchesBcrypt } from '../auth/passwords/bcrypt-hash';
import { Turnstile } from '../auth/passwords/turnstile';
import { UsersService } from '../users/users.service';
import type { ApiKey } from './api-key.entity';
import { KEY_PREFIX, fastHash, matchesFastHash, parseKey } from './api-key.format';
import { ApiKeyUsage } from './api-key-usage';
import { ApiKeysRepository } from './api-keys.repository';

/** A script that showed a good key. */
export interface KeyGrant extends AccessGrant {
  principal: KeyPrincipal;
  /** The key has a maximum: the database says whether it may be used once more. */
  isLimited: boolean;
}

export const KEY_HEADER = 'x-api-key';

/** bcrypt takes long, and strangers may cause it: one at a time, and no long queue. */
const SLOW_HASHES = { atOnce: 1, waiting: 100 };

/**
 * Turns API keys into principals, and counts their use. A key that was good is remembered by its digest, so that the
 * next request with it costs no more than one with a token: until the key or its owner changes.
 */
@Injectable()
export class ApiKeyAuthenticator implements OnModuleDestroy {
  private readonly known: GrantCache<KeyGrant>;
  private readonly slowHashes = new Turnstile(SLOW_HASHES.atOnce, SLOW_HASHES.waiting);
  private readonly stop: (() => void)[];
  private strategy: Promise<HeaderAPIKeyStrategy> | undefined;

  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly users: UsersService,
    private readonly usage: ApiKeyUsage,
    private readonly clock: Clock,
    bus: EventBus,
  ) {
    this.known = new GrantCache(clock);
    this.stop = [
      bus.subscribe('api-key.changed', ({ id }) => this.known.forget(({ keyId }) => keyId === id)),
      bus.subscribe('user.changed', ({ id }) => this.known.forget(({ userId }) => userId === id)),
      bus.subscribe('messages.lost', () => this.known.forget(() => true)),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.stop) stop();
  }

  /** Whom a key lets in, when that is known without asking anybody; it counts as one use then. */
  recall(key: string): KeyPrincipal | null {
    const grant = this.known.recall(digestOf(key));
    if (!grant || grant.isLimited) return null;
    this.usage.note(grant.principal.keyId);
    return grant.principal;
  }

  /** Counts as one use, whatever comes of it. @throws AppError `unauthorized`, which does not tell why */
  async authenticate(key: string): Promise<KeyGrant> {
    if (!key.startsWith(KEY_PREFIX)) throw new AppError('unauthorized', 'API key required');
    const digest = digestOf(key);
    const grant = this.known.recall(digest) ?? (await this.known.ask(digest, () => this.ask(key)));
    if (!grant) throw refused();
    const { keyId } = grant.principal;
    if (!grant.isLimited) this.usage.note(keyId);
    else if (!(await this.usage.claim(keyId))) throw refused();
    return grant;
  }

  /** Whether a key that has let somebody in is still as it was; counts as no use. @throws AppError `unauthorized` */
  async confirm(principal: Principal): Promise<void> {
    const key = principal.kind === 'api-key' ? await this.keys.findById(principal.keyId) : null;
    const owner = key && (await this.users.findById(key.userId));
    const isOver = key?.expiresAt && key.expiresAt.getTime() < this.clock.now();
    if (!key || isOver || !owner?.active) throw refused();
  }

  private async ask(key: string): Promise<KeyGrant | null> {
    this.strategy ??= this.createStrategy();
    return askStrategy<KeyGrant>(await this.strategy, { headers: { [KEY_HEADER]: key } });
  }

  /** Loaded by the first key that is shown: the package brings all of lodash along. */
  private async createStrategy(): Promise<HeaderAPIKeyStrategy> {
    const { HeaderAPIKeyStrategy } = await import('passport-headerapikey');
    return new HeaderAPIKeyStrategy({ header: KEY_HEADER, prefix: KEY_PREFIX }, false, (key, done) => {
      this.look(KEY_PREFIX + key).then(
        (grant) => done(null, grant ?? undefined),
        (error: Error) => done(error),
      );
    });
  }

  private async look(text: string): Promise<KeyGrant | null> {
    const parts = parseKey(text);
    const key = parts && (await this.keys.findById(parts.id));
    const now = this.clock.now();
    const isOver = key?.expiresAt && key.expiresAt.getTime() < now;
    const isUsedUp = key && key.maxUsageCount !== null && key.usageCount >= key.maxUsageCount;
    if (!parts || isOver || isUsedUp || !(await this.matches(parts.secret, key)) || !key) return null;
    const owner = await this.users.findById(key.userId);
    if (!owner?.active) return null;
    const { id: keyId, name, userId } = key;
    return {
      principal: { kind: 'api-key', keyId, name, userId, role: lesserRole(key.role, owner.role) },
      expiresAt: key.expiresAt?.getTime() ?? Infinity,
      isLimited: key.maxUsageCount !== null,
    };
  }

  /** The slow hash of an imported key is compared once, and then replaced. */
  private async matches(secret: string, key: ApiKey | null): Promise<boolean> {
    if (!key || !isBcrypt(key.hash)) return matchesFastHash(secret, key?.hash ?? null);
    const matches = await this.slowHashes.run(() => matchesBcrypt(secret, key.hash));
    if (matches) await this.keys.replaceHash(key, fastHash(secret));
    return matches;
  }
}

/** The key itself is not kept. */
function digestOf(key: string): string {
  return hash('sha256', key, 'base64');
}

function refused(): AppError {
  return new AppError('unauthorized', 'Invalid or expired API key');
}
