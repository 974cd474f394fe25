import { performance } from 'node:perf_hooks';

export interface DependencyState {
  status: 'ok' | 'unavailable';
  /** How long the answer took, ms. */
  latency_ms: number;
}

export interface ReadinessState {
  status: 'ok' | 'unavailable';
  timestamp: string;
  dependencies: Record<string, DependencyState>;
}

/** Resolves when the dependency answers. */
export type Probe = () => Promise<unknown>;

/** A dependency that does not answer within this time is as good as away. */
const DEADLINE_MS = 2000;

/** Whether everything that this process needs answers. */
export class Readiness {
  constructor(private readonly probes: Readonly<Record<string, Probe>>) {}

  async check(): Promise<ReadinessState> {
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

async function measure(probe: Probe): Promise<DependencyState> {
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
