import { openTemporary } from './sqlite';
import { timelineContract } from './timeline.contract';
import { TIMELINE_ENTITIES } from './timeline.entities';

timelineContract('SQLite', async () => {
  const { store, timeline, clock, writer, close } = await openTemporary(TIMELINE_ENTITIES);
  const count = async (table: string) => {
    const [row] = await writer.query<{ n: number }[]>(`SELECT COUNT(*) AS n FROM ${table}`);
    return row!.n;
  };
  return {
    store,
    timeline,
    clock,
    transactions: true,
    close,
    async rows() {
      const series = await Promise.all(['series_minute', 'series_hour', 'series_day'].map(count));
      return { beats: await count('heartbeats'), buckets: series.reduce((sum, n) => sum + n, 0) };
    },
  };
});
