import { Store, explain, isAppError } from '@app/core';
import type { Collection, New } from '@app/core';
import { Injectable } from '@nestjs/common';
import { domainTaken } from './status-page.dto';
import { StatusPage, StatusPageDomain, StatusPageMonitor } from './status-page.entity';

export interface PageRelations {
  /** In the order in which they are shown. Undefined ones stay as they are. */
  monitorIds?: readonly string[];
  domains?: readonly string[];
}

@Injectable()
export class StatusPagesRepository {
  private readonly pages: Collection<StatusPage>;
  private readonly links: Collection<StatusPageMonitor>;
  private readonly domains: Collection<StatusPageDomain>;

  constructor(private readonly store: Store) {
    this.pages = store.collection(StatusPage);
    this.links = store.collection(StatusPageMonitor);
    this.domains = store.collection(StatusPageDomain);
  }

  /** Newest first; `search` matches anywhere in title or description, in any letter case. */
  findPage(search: string | undefined, offset: number, limit: number): Promise<StatusPage[]> {
    const where = { words: search === undefined ? undefined : { contains: search } };
    return this.pages.find({ where, order: { createdAt: 'desc' }, offset, limit });
  }

  findById(id: string): Promise<StatusPage | null> {
    return this.pages.findOne({ id: id.toLowerCase() });
  }

  findBySlug(slug: string): Promise<StatusPage | null> {
    return this.pages.findOne({ slug });
  }

  findByDomain(domain: string): Promise<StatusPage | null> {
    return this.pages.findOne({
      id: { among: { entity: StatusPageDomain, field: 'statusPageId', where: { domain } } },
    });
  }

  /** In the order in which they were sent. */
  async findMonitorIds(id: string): Promise<string[]> {
    const links = await this.links.find({ where: { statusPageId: id }, order: { position: 'asc' } });
    return links.map(({ monitorId }) => monitorId);
  }

  async findDomains(id: string): Promise<string[]> {
    const domains = await this.domains.find({ where: { statusPageId: id }, order: { position: 'asc' } });
    return domains.map(({ domain }) => domain);
  }

  /** Whether any published page shows the monitor. */
  async isPublic(monitorId: string): Promise<boolean> {
    const published = { entity: StatusPage, field: 'id', where: { published: true } };
    return (await this.links.count({ monitorId, statusPageId: { among: published } })) > 0;
  }

  /**
   * The unique indexes decide, so nobody wins a race twice.
   * @throws AppError `invalid` for a taken slug or domain, or an unknown monitor; then nothing is stored.
   */
  insert(values: New<StatusPage>, relations: PageRelations): Promise<StatusPage> {
    return this.write(relations, null, async () => {
      const page = await this.pages.insert(values).catch(explainSlug);
      await this.relate(page.id, relations);
      return page;
    });
  }

  /** @throws as {@link insert} */
  update(id: string, changes: Partial<New<StatusPage>>, relations: PageRelations): Promise<void> {
    return this.write(relations, id, async () => {
      await this.pages.update({ id }, changes).catch(explainSlug);
      if (relations.monitorIds) await this.links.delete({ statusPageId: id });
      if (relations.domains) await this.domains.delete({ statusPageId: id });
      await this.relate(id, relations);
    });
  }

  /** @returns false when there is no such page. */
  async delete(id: string): Promise<boolean> {
    return (await this.pages.delete({ id: id.toLowerCase() })) > 0;
  }

  private async relate(statusPageId: string, { monitorIds = [], domains = [] }: PageRelations): Promise<void> {
    await this.links
      .insertMany(monitorIds.map((monitorId, position) => ({ statusPageId, monitorId, position })))
      .catch(explain('invalid', 'monitor_ids holds an id that does not exist'));
    await this.domains.insertMany(domains.map((domain, position) => ({ statusPageId, domain, position })));
  }

  /** A conflict that is left is one of domains; which one it was is asked once the transaction is over. */
  private async write<T>({ domains = [] }: PageRelations, id: string | null, work: () => Promise<T>): Promise<T> {
    try {
      return await this.store.transaction(work);
    } catch (error) {
      if (!isAppError(error, 'conflict') || domains.length === 0) throw error;
      const taken = await this.domains.find({ where: { domain: { in: domains } } });
      const ofOthers = new Set(taken.filter((row) => row.statusPageId !== id).map(({ domain }) => domain));
      throw domainTaken(domains.find((domain) => ofOthers.has(domain)) ?? domains[0]!, error);
    }
  }
}

const explainSlug = explain('conflict', 'Slug is already in use', 'invalid');
