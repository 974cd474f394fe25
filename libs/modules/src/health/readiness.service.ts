import { ResultQueue, Store } from '@app/core';
import { Readiness } from '@app/platform/process';
import type { Probe } from '@app/platform/process';
import { Inject, Injectable, Optional } from '@nestjs/common';

/** Token of what an application depends on beside database and queue: a record of probes by name. */
export const MORE_PROBES = Symbol('more probes');

@Injectable()
export class ReadinessService extends Readiness {
  constructor(store: Store, results: ResultQueue, @Optional() @Inject(MORE_PROBES) more: Record<string, Probe> = {}) {
    super({ database: () => store.ping(), queue: () => results.depth(), ...more });
  }
}
