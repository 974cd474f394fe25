import { AppError, EventBus } from '@app/core';
import { Config } from '@app/platform';
import type { Page } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '../auth/passwords/password-hasher';
import { toDomain } from './domain-name';
import { changesOf, valuesOf } from './page-values';
import { StatusPageDetailDto } from './status-page.dto';
import type { StatusPageInputDto, StatusPagePatchDto } from './status-page.dto';
import type { StatusPage } from './status-page.entity';
import { StatusPagesRepository } from './status-pages.repository';

const MAX_MONITORS = 1000;

@Injectable()
export class StatusPagesService {
  constructor(
    private readonly pages: StatusPagesRepository,
    private readonly hasher: PasswordHasher,
    private readonly bus: EventBus,
    private readonly config: Config,
  ) {}

  findPage(search: string | undefined, { offset, limit }: Page): Promise<StatusPage[]> {
    return this.pages.findPage(search, offset, limit);
  }

  /** @throws AppError `not_found` */
  async getDetail(id: string): Promise<StatusPageDetailDto> {
    const page = await this.get(id);
    const [monitorIds, domains] = await Promise.all([
      this.pages.findMonitorIds(page.id),
      this.pages.findDomains(page.id),
    ]);
    return StatusPageDetailDto.of(page, monitorIds, domains);
  }

  /** `host` is the name under which the caller reached this server. @throws AppError `invalid`; nothing is stored. */
  async create(input: StatusPageInputDto, host: string): Promise<StatusPage> {
    const domains = domainsOf(input.domains ?? []);
    this.refuseOwn(domains, host);
    const password = input.password ? await this.hasher.hash(input.password) : null;
    const monitorIds = this.monitorsOf(input.monitor_ids ?? []);
    const page = await this.pages.insert({ ...valuesOf(input), password }, { monitorIds, domains });
    this.announce(page.id);
    return page;
  }

  /** Absent is unchanged, `[]` empties a relation, an empty password removes it. @throws AppError */
  async patch(id: string, input: StatusPagePatchDto, host: string): Promise<StatusPage> {
    const stored = await this.get(id);
    const domains = input.domains ? domainsOf(input.domains) : undefined;
    if (domains) {
      const before = new Set(await this.pages.findDomains(stored.id));
      this.refuseOwn(
        domains.filter((domain) => !before.has(domain)),
        host,
      );
    }
    const monitorIds = input.monitor_ids ? this.monitorsOf(input.monitor_ids) : undefined;
    const changes: Partial<StatusPage> = changesOf(stored, input);
    if (input.password === '') changes.password = null;
    else if (input.password) changes.password = await this.hasher.hash(input.password);
    if (Object.keys(changes).length === 0 && !domains && !monitorIds) return stored;
    await this.pages.update(stored.id, changes, { monitorIds, domains });
    this.announce(stored.id);
    return this.get(stored.id);
  }

  /** Deleting what does not exist is a success. */
  async delete(id: string): Promise<void> {
    if (await this.pages.delete(id)) this.announce(id.toLowerCase());
  }

  private async get(id: string): Promise<StatusPage> {
    const page = await this.pages.findById(id);
    if (!page) throw new AppError('not_found', 'Status page not found');
    return page;
  }

  /** A page under the name of the server, or of its web client, would lock everybody out of the login. */
  private refuseOwn(domains: readonly string[], host: string): void {
    const own = new Set([host.toLowerCase(), ...this.config.env.CLIENT_URL.map((origin) => new URL(origin).hostname)]);
    const taken = domains.find((domain) => own.has(domain));
    if (taken !== undefined) throw new AppError('invalid', `domains holds the address of this server: ${taken}`);
  }

  /** Visitors get the history of all of them in one answer. */
  private monitorsOf(ids: readonly string[]): string[] {
    const monitorIds = [...new Set(ids.map((id) => id.toLowerCase()))];
    if (monitorIds.length <= MAX_MONITORS) return monitorIds;
    throw new AppError('invalid', `monitor_ids must be at most ${MAX_MONITORS}`);
  }

  private announce(id: string): void {
    this.bus.publish('status-page.changed', { id });
  }
}

/** As browsers spell them, each once. @throws AppError `invalid` for what is no host name. */
function domainsOf(texts: readonly string[]): string[] {
  const domains = texts.map((text) => {
    const domain = toDomain(text);
    if (domain === null) throw new AppError('invalid', 'domains must be host names, without scheme and port');
    return domain;
  });
  return [...new Set(domains)];
}
