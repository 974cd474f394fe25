import { AppError, Clock, EventBus, newId, parseInstant } from '@app/core';
import { mayActAs } from '@app/platform';
import type { Role, UserPrincipal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { UsersService } from '../users/users.service';
import type { ApiKey } from './api-key.entity';
import type { ApiKeyInputDto, ApiKeyPatchDto } from './api-key.dto';
import { displayForm, fastHash, formatKey, newSecret } from './api-key.format';
import { ApiKeyUsage } from './api-key-usage';
import { ApiKeysRepository } from './api-keys.repository';

/** Keys are their creator's; an admin sees and changes everybody's. Somebody else's key is an unknown one. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly users: UsersService,
    private readonly usage: ApiKeyUsage,
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {}

  /** Newest first. */
  async findAll({ role, userId }: UserPrincipal): Promise<ApiKey[]> {
    await this.usage.flush();
    return this.keys.findAll(role === 'admin' ? undefined : userId);
  }

  /** @throws AppError `not_found` */
  async get(id: string, caller: UserPrincipal): Promise<ApiKey> {
    await this.usage.flush();
    const key = await this.find(id, caller);
    if (!key) throw new AppError('not_found', 'API key not found');
    return key;
  }

  /** The key that a request was sent with. @throws AppError `unauthorized` when it is gone meanwhile. */
  async self(id: string): Promise<ApiKey> {
    await this.usage.flush();
    const key = await this.keys.findById(id);
    if (!key) throw new AppError('unauthorized', 'Invalid or expired API key');
    return key;
  }

  /** @returns the key as well: nobody can tell it later. @throws AppError `invalid`, `forbidden` */
  async create(input: ApiKeyInputDto, caller: UserPrincipal): Promise<{ key: ApiKey; token: string }> {
    const role = input.role ?? caller.role;
    requireRole(caller.role, role);
    const secret = newSecret();
    const id = newId(this.clock.now());
    const key = await this.keys.insert({
      id,
      userId: caller.userId,
      name: input.name,
      hash: fastHash(secret),
      displayKey: displayForm(secret),
      role,
      expiresAt: this.expiry(input.expires_at) ?? null,
      maxUsageCount: input.max_usage_count ?? null,
      usageCount: 0,
      lastUsedAt: null,
      changedAt: new Date(this.clock.now()),
    });
    return { key, token: formatKey({ id, secret }) };
  }

  /** Absent is unchanged; null removes expiry and maximum. @throws AppError `invalid`, `forbidden`, `not_found` */
  async change(id: string, input: ApiKeyPatchDto, caller: UserPrincipal): Promise<ApiKey> {
    const expiresAt = this.expiry(input.expires_at);
    const key = await this.get(id, caller);
    const role = input.role ?? undefined;
    if (role) {
      requireRole(caller.role, role);
      requireRole((await this.users.findById(key.userId))?.role ?? 'viewer', role);
    }
    await this.keys.update(key.id, {
      name: input.name ?? undefined,
      role,
      expiresAt,
      maxUsageCount: input.max_usage_count,
      changedAt: new Date(this.clock.now()),
    });
    this.bus.publish('api-key.changed', { id: key.id });
    return this.get(key.id, caller);
  }

  async delete(id: string, caller: UserPrincipal): Promise<void> {
    const key = await this.find(id, caller);
    if (!key) return;
    await this.keys.delete(key.id);
    this.bus.publish('api-key.changed', { id: key.id });
  }

  private async find(id: string, { role, userId }: UserPrincipal): Promise<ApiKey | null> {
    const key = await this.keys.findById(id);
    return key && (role === 'admin' || key.userId === userId) ? key : null;
  }

  private expiry(text: string | null | undefined): Date | null | undefined {
    if (text === undefined || text === null) return text;
    const time = parseInstant(text)!; // the DTO has looked at it
    if (time < this.clock.now()) throw new AppError('invalid', 'expiration date cannot be in the past');
    return new Date(time);
  }
}

function requireRole(own: Role, wanted: Role): void {
  if (!mayActAs(own, wanted)) throw new AppError('forbidden', 'Insufficient permissions');
}
