import { AppError, Clock, DAY, Timeline, uptimePercent } from '@app/core';
import { Injectable } from '@nestjs/common';
import { MonitorsRepository } from '../monitors/monitors.repository';
import { firstBucket, toPoints } from './points';
import type { PointsSummary, Range } from './points';
import type { UptimeStatsDto } from './stats.dto';

const WINDOWS = [1, 7, 30, 365].map((days) => days * DAY);

@Injectable()
export class StatsService {
  constructor(
    private readonly monitors: MonitorsRepository,
    private readonly timeline: Timeline,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `invalid` for an unknown monitor: clients know no 404 here. */
  async points(monitorId: string, range: Range): Promise<PointsSummary> {
    const monitor = await this.monitors.findById(monitorId);
    if (!monitor) throw new AppError('invalid', 'monitor not found');
    const from = firstBucket(range, monitor.interval);
    const buckets = await this.timeline.series(monitor.id, range.period, from, range.until);
    return toPoints(buckets, range, monitor.interval);
  }

  /** 0 where there are no beats, also for unknown monitors. */
  async uptime(monitorId: string): Promise<UptimeStatsDto> {
    const id = monitorId.toLowerCase();
    const counts = (await this.timeline.uptime([id], WINDOWS, this.clock.now())).get(id) ?? [];
    const [day, week, month, year] = WINDOWS.map((_, i) => (counts[i] && uptimePercent(counts[i])) ?? 0);
    return { '24h': day!, '7d': week!, '30d': month!, '365d': year! };
  }
}
