import { Logger } from '@nestjs/common';

/** Whatever hangs, nobody waits longer than this for the end. */
const STOP_DEADLINE_MS = 10_000;

interface Closable {
  close(): Promise<void>;
}

/** The first SIGTERM or SIGINT ends the process in order, a second one at once. */
export function listenForSignals(): { handOver(app: Closable): void } {
  let app: Closable | undefined;
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping || !app) process.exit(stopping ? 1 : 0);
    stopping = true;
    new Logger('Peekaping').log(`${signal}: stopping; once more ends at once`);
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        new Logger('Peekaping').error({ err: error }, 'Stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return {
    handOver(started) {
      app = started;
    },
  };
}
