import { ProducerService } from '@app/pipeline/producer/producer.service';
import type { RunningApp } from './app';

/** No monitor is checked any more: for tests of what is stored, whose targets do not exist. */
export function useIdleEngine(app: RunningApp): void {
  beforeAll(() => app.get(ProducerService).stop());
}
