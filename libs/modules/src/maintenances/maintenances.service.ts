import { AppError, Clock, EventBus, compileWindow } from '@app/core';
import { Config } from '@app/platform';
import type { Page } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { changesOf, definitionOf, ruleOf } from './maintenance-definition';
import type { Definition } from './maintenance-definition';
import type { MaintenanceInputDto, MaintenancePatchDto } from './maintenance.dto';
import type { Maintenance } from './maintenance.entity';
import { MaintenancesRepository } from './maintenances.repository';
import type { MaintenanceFilter } from './maintenances.repository';

@Injectable()
export class MaintenancesService {
  constructor(
    private readonly maintenances: MaintenancesRepository,
    private readonly bus: EventBus,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  findPage(filter: MaintenanceFilter, { offset, limit }: Page): Promise<Maintenance[]> {
    return this.maintenances.findPage(filter, offset, limit);
  }

  /** @throws AppError `not_found` */
  async get(id: string): Promise<Maintenance> {
    const maintenance = await this.maintenances.findById(id);
    if (!maintenance) throw new AppError('not_found', 'Maintenance not found');
    return maintenance;
  }

  /** In the order in which they were sent. */
  monitorIdsOf({ id }: Maintenance): Promise<string[]> {
    return this.maintenances.findMonitorIds(id);
  }

  /** Whether its window is open at this moment. */
  isActiveNow(maintenance: Maintenance): boolean {
    if (!maintenance.active) return false;
    try {
      const window = compileWindow(ruleOf(maintenance, maintenance.createdAt.getTime()), this.config.env.TZ);
      return window.stateAt(this.clock.now()).isOpen;
    } catch {
      return false; // a rule that cannot be followed is reported where it is used
    }
  }

  /** @throws AppError `invalid`; then nothing is stored. */
  async create(input: MaintenanceInputDto): Promise<Maintenance> {
    const maintenance = await this.maintenances.insert(definitionOf(input), distinct(input.monitor_ids ?? []));
    this.announce(maintenance.id);
    return maintenance;
  }

  /** Absent monitors stay, everything else that is absent is cleared. @throws AppError `invalid`, `not_found` */
  async replace(id: string, input: MaintenanceInputDto): Promise<Maintenance> {
    const definition = definitionOf(input);
    return this.change(await this.get(id), definition, input.monitor_ids);
  }

  /** Absent is unchanged, `[]` empties the monitors. @throws AppError `invalid`, `not_found` */
  async patch(id: string, input: MaintenancePatchDto): Promise<Maintenance> {
    const stored = await this.get(id);
    return this.change(stored, changesOf(stored, input), input.monitor_ids);
  }

  /** @throws AppError `not_found` */
  async setActive(id: string, active: boolean): Promise<Maintenance> {
    return this.change(await this.get(id), { active });
  }

  /** Deleting what does not exist is a success. */
  async delete(id: string): Promise<void> {
    if (await this.maintenances.delete(id)) this.announce(id.toLowerCase());
  }

  private async change(stored: Maintenance, changes: Partial<Definition>, monitorIds?: string[] | null) {
    if (Object.keys(changes).length === 0 && !monitorIds) return stored;
    await this.maintenances.update(stored.id, changes, monitorIds ? distinct(monitorIds) : undefined);
    this.announce(stored.id);
    return this.get(stored.id);
  }

  private announce(id: string): void {
    this.bus.publish('maintenance.changed', { id });
  }
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}
