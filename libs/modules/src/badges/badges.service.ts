import { AppError, Clock, DAY, EventBus, MINUTE, Timeline, planWindow, uptimePercent } from '@app/core';
import type { Bucket } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { MonitorsRepository } from '../monitors/monitors.repository';
import { AnswerCache } from '../public/answer-cache';
import { publicAnswer } from '../public/public-answer';
import type { PublicAnswer } from '../public/public-answer';
import { StatusPagesRepository } from '../status-pages/status-pages.repository';
import { toBadge } from './badge-face';
import type { BadgeFact } from './badge-face';
import type { BadgeOptions, BadgeWindow } from './badge-query';
import { badgeSvg } from './badge-svg';

export type BadgeKind = BadgeFact['kind'];

export interface BadgeRequest {
  monitorId: string;
  kind: BadgeKind;
  /** Of uptime and ping. */
  window: BadgeWindow;
}

const WINDOW_MS: Record<BadgeWindow, number> = { '24h': DAY, '30d': 30 * DAY, '90d': 90 * DAY };
const WINDOWS = Object.keys(WINDOW_MS) as BadgeWindow[];

/** Windows move on, days pass: what is known is looked up again after this time, heartbeat or not. */
const TTL = MINUTE;
const MAX_FACTS = 10_000;
/** Monitors whose heartbeats are listened to, because a badge of theirs was asked for. */
const MAX_MONITORS = 5000;
/** In how many looks a fact is kept ready to be sent. */
const MAX_LOOKS = 20;

interface Known {
  fact: BadgeFact;
  /** Ready answers, by the query that asked for them. */
  looks: Map<string, PublicAnswer>;
}

interface Visibility {
  isPublic: boolean;
}

/**
 * Badges of the monitors that a published status page shows. What they tell is kept until something happens to the
 * monitor, so one that is embedded in many places costs no database read.
 */
@Injectable()
export class BadgesService implements OnModuleDestroy {
  private readonly visibility: AnswerCache<Visibility>;
  private readonly facts: AnswerCache<Known>;
  /** How to stop listening to the heartbeats of a monitor. */
  private readonly watched = new LRUCache<string, () => void>({
    max: MAX_MONITORS,
    dispose: (stop, monitorId) => {
      stop();
      this.forgetFacts(monitorId);
    },
  });
  private readonly subscriptions: (() => void)[];

  constructor(
    private readonly monitors: MonitorsRepository,
    private readonly pages: StatusPagesRepository,
    private readonly timeline: Timeline,
    private readonly clock: Clock,
    private readonly bus: EventBus,
  ) {
    this.visibility = new AnswerCache({ clock, ttlMs: TTL, max: MAX_FACTS });
    this.facts = new AnswerCache({ clock, ttlMs: TTL, max: MAX_FACTS });
    const forget = ({ id }: { id: string }) => this.forget(id);
    this.subscriptions = [
      bus.subscribe('monitor.created', forget),
      bus.subscribe('monitor.updated', forget),
      bus.subscribe('monitor.deleted', forget),
      bus.subscribe('monitor.status.changed', forget),
      bus.subscribe('status-page.changed', () => this.visibility.clear()),
      bus.subscribe('messages.lost', () => {
        this.visibility.clear();
        this.facts.clear();
      }),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.subscriptions) stop();
    this.watched.clear();
  }

  /**
   * `look` tells one set of options from another.
   * @throws AppError `not_found` for what is not shown to everybody: unknown, paused, or on no published page.
   */
  async get({ monitorId, kind, window }: BadgeRequest, look: string, options: BadgeOptions): Promise<PublicAnswer> {
    const id = monitorId.toLowerCase();
    const { isPublic } = await this.visibility.get(id, () => this.lookAt(id));
    if (!isPublic) throw new AppError('not_found', 'Monitor not found or not public');
    this.watch(id);
    const { fact, looks } = await this.facts.get(`${id} ${kind} ${window}`, async () => ({
      fact: await this.find(id, kind, window),
      looks: new Map<string, PublicAnswer>(),
    }));
    const known = looks.get(look);
    if (known) return known;
    const answer = publicAnswer(badgeSvg(toBadge(fact, options)));
    if (looks.size < MAX_LOOKS) looks.set(look, answer);
    return answer;
  }

  private async lookAt(id: string): Promise<Visibility> {
    const monitor = await this.monitors.findById(id);
    return { isPublic: monitor !== null && monitor.active && (await this.pages.isPublic(id)) };
  }

  private async find(id: string, kind: BadgeKind, window: BadgeWindow): Promise<BadgeFact> {
    const now = this.clock.now();
    switch (kind) {
      case 'status':
        return { kind, status: (await this.monitors.findById(id))?.status ?? NaN };
      case 'uptime': {
        const counts = (await this.timeline.uptime([id], [WINDOW_MS[window]], now)).get(id)?.[0];
        return { kind, window, percent: counts ? uptimePercent(counts) : null };
      }
      case 'ping':
        return { kind, window, ms: await this.averageLatency(id, WINDOW_MS[window], now) };
      case 'response':
        return { kind, ms: (await this.timeline.newest([id], 1)).get(id)?.[0]?.latencyMs ?? null };
      case 'cert-exp': {
        const validTo = (await this.timeline.certificate(id))?.certInfo?.validTo;
        return { kind, daysLeft: validTo === undefined ? null : Math.floor((Date.parse(validTo) - now) / DAY) };
      }
    }
  }

  /** Of the up beats, from the series. */
  private async averageLatency(id: string, windowMs: number, now: number): Promise<number | null> {
    const { edge, body } = planWindow(now, windowMs);
    const ranges = [edge, body].map(({ period, from, to }) => this.timeline.series(id, period, from, to - 1));
    const buckets: Bucket[] = (await Promise.all(ranges)).flat();
    const up = buckets.reduce((sum, bucket) => sum + bucket.up, 0);
    return up === 0 ? null : buckets.reduce((sum, { latencySum }) => sum + latencySum, 0) / up;
  }

  private watch(id: string): void {
    if (this.watched.get(id)) return;
    this.watched.set(
      id,
      this.bus.subscribe('heartbeat', () => this.forgetFacts(id), id),
    );
  }

  private forget(id: string): void {
    this.visibility.forget(id);
    this.forgetFacts(id);
  }

  private forgetFacts(id: string): void {
    for (const kind of ['status', 'response', 'cert-exp'] as const) this.facts.forget(`${id} ${kind} 24h`);
    for (const window of WINDOWS) {
      for (const kind of ['uptime', 'ping'] as const) this.facts.forget(`${id} ${kind} ${window}`);
    }
  }
}
