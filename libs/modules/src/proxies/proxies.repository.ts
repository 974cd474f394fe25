import { Store } from '@app/core';
import type { Collection, New } from '@app/core';
import { Injectable } from '@nestjs/common';
import { Monitor } from '../monitors/monitor.entity';
import { Proxy } from './proxy.entity';

export interface ProxyPage {
  offset: number;
  limit: number;
  /** Matches anywhere in the host, in any letter case. */
  search?: string;
}

@Injectable()
export class ProxiesRepository {
  private readonly proxies: Collection<Proxy>;
  private readonly monitors: Collection<Monitor>;

  constructor(private readonly store: Store) {
    this.proxies = store.collection(Proxy);
    this.monitors = store.collection(Monitor);
  }

  /** Newest first. */
  findPage({ offset, limit, search }: ProxyPage): Promise<Proxy[]> {
    const where = search === undefined ? {} : { host: { contains: search } };
    return this.proxies.find({ where, order: { createdAt: 'desc' }, offset, limit });
  }

  findById(id: string): Promise<Proxy | null> {
    return this.proxies.findOne({ id: id.toLowerCase() });
  }

  findByIds(ids: readonly string[]): Promise<Proxy[]> {
    return this.proxies.find({ where: { id: { in: ids } } });
  }

  insert(values: New<Proxy>): Promise<Proxy> {
    return this.proxies.insert(values);
  }

  async update(id: string, changes: Partial<New<Proxy>>): Promise<void> {
    await this.proxies.update({ id }, changes);
  }

  /** Monitors that used it go straight. */
  async delete(id: string): Promise<void> {
    const proxyId = id.toLowerCase();
    const release = () => this.monitors.update({ proxyId }, { proxyId: null });
    await this.store.transaction(async () => {
      await release();
      await this.proxies.delete({ id: proxyId });
    });
    await release(); // of one that was given it meanwhile
  }
}
