import { AppError, Clock, DAY, EventBus, SECOND, Timeline, uptimePercent } from '@app/core';
import { reply } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { MonitorsRepository } from '../monitors/monitors.repository';
import { AnswerCache } from '../public/answer-cache';
import { publicAnswer } from '../public/public-answer';
import type { PublicAnswer } from '../public/public-answer';
import { toDomain } from './domain-name';
import { PublicMonitorDto, PublicStatusPageDto } from './status-page.dto';
import type { StatusPage } from './status-page.entity';
import { StatusPagesRepository } from './status-pages.repository';
import { Visitors } from './visitors';
import type { Visitor } from './visitors';

/** Beats of a monitor on its page, and in the overview. */
export const PAGE_BEATS = 100;
export const HOMEPAGE_BEATS = 1;

const MAX_PAGES = 1000;
/** How old the page itself may be, should the news of a change get lost between servers. */
const PAGE_TTL = 5 * SECOND;
/** How old beats may be; a change of a status shows at once. */
const MONITORS_TTL = SECOND;
const MAX_BYTES = 32 * 2 ** 20;

interface Found {
  page: StatusPage;
  answer: PublicAnswer;
}

interface MaybeFound {
  found: Found | null;
}

export interface PublicPage extends PublicAnswer {
  /** Only for those who know the password. */
  isProtected: boolean;
}

/** What visitors get: published pages only, the rest is as if it were not there. */
@Injectable()
export class PublicPagesService implements OnModuleDestroy {
  private readonly pages: AnswerCache<MaybeFound>;
  private readonly monitorLists: AnswerCache<PublicAnswer>;
  private readonly subscriptions: (() => void)[];

  constructor(
    private readonly repository: StatusPagesRepository,
    private readonly monitors: MonitorsRepository,
    private readonly timeline: Timeline,
    private readonly visitors: Visitors,
    private readonly clock: Clock,
    bus: EventBus,
  ) {
    this.pages = new AnswerCache({ clock, ttlMs: PAGE_TTL, max: MAX_PAGES });
    this.monitorLists = new AnswerCache({
      clock,
      ttlMs: MONITORS_TTL,
      max: MAX_BYTES,
      sizeOf: ({ body }) => body.length,
    });
    const forgetAll = () => {
      this.pages.clear();
      this.monitorLists.clear();
    };
    const forgetMonitors = () => this.monitorLists.clear();
    this.subscriptions = [
      bus.subscribe('status-page.changed', forgetAll),
      bus.subscribe('messages.lost', forgetAll),
      bus.subscribe('monitor.updated', forgetMonitors),
      bus.subscribe('monitor.deleted', forgetMonitors),
      bus.subscribe('monitor.status.changed', forgetMonitors),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.subscriptions) stop();
  }

  /** @throws AppError `not_found` for what is not published, `forbidden` */
  async bySlug(slug: string, visitor: Visitor): Promise<PublicPage> {
    const { page, answer } = await this.find(slug, visitor);
    return { ...answer, isProtected: page.password !== null };
  }

  /** In any letter case. @throws as {@link bySlug} */
  async byDomain(text: string, visitor: Visitor): Promise<PublicPage> {
    const domain = toDomain(text);
    if (domain === null) throw unknown();
    const { found } = await this.pages.get(`domain ${domain}`, () => this.look(this.repository.findByDomain(domain)));
    const { page, answer } = await this.admit(found, visitor);
    return { ...answer, isProtected: page.password !== null };
  }

  /** Its monitors with their newest beats. @throws as {@link bySlug} */
  async monitorsOf(slug: string, beats: number, visitor: Visitor): Promise<PublicPage> {
    const { page } = await this.find(slug, visitor);
    const answer = await this.monitorLists.get(`${beats} ${page.id}`, () => this.render(page.id, beats));
    return { ...answer, isProtected: page.password !== null };
  }

  private async find(slug: string, visitor: Visitor): Promise<Found> {
    const { found } = await this.pages.get(`slug ${slug}`, () => this.look(this.repository.findBySlug(slug)));
    return this.admit(found, visitor);
  }

  private async admit(found: Found | null, visitor: Visitor): Promise<Found> {
    if (!found) throw unknown();
    await this.visitors.admit(found.page, visitor);
    return found;
  }

  private async look(looking: Promise<StatusPage | null>): Promise<MaybeFound> {
    const page = await looking;
    if (!page?.published) return { found: null };
    const answer = publicAnswer(JSON.stringify(reply('success', PublicStatusPageDto.from(page))));
    return { found: { page, answer } };
  }

  /** The same few reads for any number of monitors; percentages come from the series. */
  private async render(pageId: string, limit: number): Promise<PublicAnswer> {
    const ids = await this.repository.findMonitorIds(pageId);
    const [monitors, beats, uptime] = await Promise.all([
      this.monitors.findByIds(ids),
      this.timeline.newest(ids, limit),
      this.timeline.uptime(ids, [DAY], this.clock.now()),
    ]);
    const byId = new Map(monitors.map((monitor) => [monitor.id, monitor]));
    const shown = ids.flatMap((id) => {
      const monitor = byId.get(id);
      if (!monitor) return [];
      const counts = uptime.get(id)?.[0];
      return PublicMonitorDto.of(monitor, beats.get(id) ?? [], (counts && uptimePercent(counts)) ?? 0);
    });
    return publicAnswer(JSON.stringify(reply('success', shown)));
  }
}

function unknown(): AppError {
  return new AppError('not_found', 'Status page not found');
}
