import { isAppError } from '@app/core';
import type { ProxySettings } from '@app/core';
import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ProxiesRepository } from './proxies.repository';
import { ProxiesService } from './proxies.service';
import type { Proxy } from './proxy.entity';

/** Proxies as checks use them. While the database is away, as they were when they were read last. */
@Injectable()
export class ProxyDirectory {
  private readonly logger = new Logger('Proxies');
  private readonly known = new LRUCache<string, Proxy>({ max: 10_000 });

  constructor(
    private readonly proxies: ProxiesRepository,
    private readonly service: ProxiesService,
  ) {}

  /**
   * Those that are no more are missing: such checks go straight. Null is one that cannot be used, by a fault of ours,
   * which says nothing of a target.
   */
  async find(ids: readonly string[]): Promise<Map<string, ProxySettings | null>> {
    if (ids.length === 0) return new Map();
    try {
      const found = await this.proxies.findByIds([...new Set(ids)]);
      for (const proxy of found) this.known.set(proxy.id, proxy);
      return new Map(found.map((proxy) => [proxy.id, this.settingsOf(proxy)]));
    } catch (error) {
      if (!isAppError(error, 'unavailable')) throw error;
      const before = (id: string) => this.known.get(id);
      return new Map(ids.map((id) => [id, before(id) ? this.settingsOf(before(id)!) : null]));
    }
  }

  private settingsOf(proxy: Proxy): ProxySettings | null {
    const { id, protocol, host, port, auth, username } = proxy;
    if (!auth) return { protocol, host, port };
    try {
      return { protocol, host, port, username, password: this.service.viewOf(proxy).password };
    } catch (error) {
      this.logger.error({ proxyId: id, err: error }, 'The password of a proxy cannot be read: its checks are left out');
      return null;
    }
  }
}
