import { Store, explain } from '@app/core';
import type { Collection } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { Definition } from './maintenance-definition';
import { Maintenance, MaintenanceMonitor } from './maintenance.entity';

export interface MaintenanceFilter {
  /** Matches anywhere in title or description, in any letter case. */
  search?: string;
  strategy?: string;
}

@Injectable()
export class MaintenancesRepository {
  private readonly maintenances: Collection<Maintenance>;
  private readonly links: Collection<MaintenanceMonitor>;

  constructor(private readonly store: Store) {
    this.maintenances = store.collection(Maintenance);
    this.links = store.collection(MaintenanceMonitor);
  }

  /** Newest first. */
  findPage({ search, strategy }: MaintenanceFilter, offset: number, limit: number): Promise<Maintenance[]> {
    const where = { words: search === undefined ? undefined : { contains: search }, strategy };
    return this.maintenances.find({ where, order: { createdAt: 'desc' }, offset, limit });
  }

  findById(id: string): Promise<Maintenance | null> {
    return this.maintenances.findOne({ id: id.toLowerCase() });
  }

  findActive(): Promise<Maintenance[]> {
    return this.maintenances.find({ where: { active: true } });
  }

  /** In the order in which they were sent. */
  async findMonitorIds(id: string): Promise<string[]> {
    const links = await this.links.find({ where: { maintenanceId: id }, order: { position: 'asc' } });
    return links.map(({ monitorId }) => monitorId);
  }

  /** Of any of these maintenances. */
  async findMonitorIdsOf(ids: readonly string[]): Promise<Set<string>> {
    const links = await this.links.find({ where: { maintenanceId: { in: ids } } });
    return new Set(links.map(({ monitorId }) => monitorId));
  }

  /** Which of these maintenances are for the monitor. */
  async findIdsFor(monitorId: string, ids: readonly string[]): Promise<Set<string>> {
    const links = await this.links.find({ where: { monitorId, maintenanceId: { in: ids } } });
    return new Set(links.map(({ maintenanceId }) => maintenanceId));
  }

  /** @throws AppError `invalid` for an unknown monitor; then nothing is stored. */
  insert(values: Definition, monitorIds: readonly string[]): Promise<Maintenance> {
    return this.store.transaction(async () => {
      const maintenance = await this.maintenances.insert(values);
      await this.link(maintenance.id, monitorIds);
      return maintenance;
    });
  }

  /** Without `monitorIds` they stay. @throws as {@link insert} */
  update(id: string, changes: Partial<Definition>, monitorIds?: readonly string[]): Promise<void> {
    return this.store.transaction(async () => {
      await this.maintenances.update({ id }, changes);
      if (!monitorIds) return;
      await this.links.delete({ maintenanceId: id });
      await this.link(id, monitorIds);
    });
  }

  /** @returns false when there is no such maintenance. */
  async delete(id: string): Promise<boolean> {
    return (await this.maintenances.delete({ id: id.toLowerCase() })) > 0;
  }

  private async link(maintenanceId: string, monitorIds: readonly string[]): Promise<void> {
    await this.links
      .insertMany(monitorIds.map((monitorId, position) => ({ maintenanceId, monitorId, position })))
      .catch(explain('invalid', 'monitor_ids holds an id that does not exist'));
  }
}
