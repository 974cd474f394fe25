import { ResultQueue, Store } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { DependencyDto, ReadinessDto } from './health.dto';

/** A dependency that does not answer within this time is as good as away. */
const DEADLINE_MS = 2000;

@Injectable()
export class ReadinessService {
  private readonly probes: Record<string, () => Promise<unknown>>;

  constructor(store: Store, results: ResultQueue) {
    this.probes = { database: () => store.ping(), queue: () => results.depth() };
  }

  async check(): Promise<ReadinessDto> {
    const entries = await Promise.all(
      Object.entries(this.probes).map(async ([name, probe]) => [name, await measure(probe)] as const),
    );
    const ready = entries.every(([, dependency]) => dependency.status === 'ok');
    return {
      status: ready ? 'ok' : 'unavailable',
      timestamp: new Date().toISOString(),
      dependencies: Object.fromEntries(entries),
    };
  }
}

async function measure(probe: () => Promise<unknown>): Promise<DependencyDto> {
  const start = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), DEADLINE_MS);
  });
  const status = await Promise.race([probe(), late]).then(
    () => 'ok' as const,
    () => 'unavailable' as const,
  );
  clearTimeout(timer);
  return { status, latency_ms: Math.round((performance.now() - start) * 100) / 100 };
}
