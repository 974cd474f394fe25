import { describeMongo, openTemporaryMongo } from './mongo';
import { timelineContract } from './timeline.contract';
import { TIMELINE_ENTITIES } from './timeline.entities';

// FerretDB, which may stand in for MongoDB, looks through all documents for whatever it is asked.
jest.setTimeout(180_000);

describeMongo('MongoDB', () => {
  timelineContract(async () => {
    const { store, timeline, clock, db, close } = await openTemporaryMongo(TIMELINE_ENTITIES);
    const count = (name: string) => db.collection(name).countDocuments();
    return {
      store,
      timeline,
      clock,
      transactions: false,
      runs: 15,
      close,
      async rows() {
        const series = await Promise.all(['series_minute', 'series_hour', 'series_day'].map(count));
        return { beats: await count('heartbeats'), buckets: series.reduce((sum, n) => sum + n, 0) };
      },
    };
  });
});
