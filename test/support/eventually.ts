import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;

/**
 * Asks until the answer is there.
 * @throws Error naming what did not happen, with the last answer.
 */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  isThere: (answer: T) => boolean = Boolean,
  withinMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    if (Date.now() > deadline) {
      throw new Error(`Not within ${withinMs} ms: ${what}; the last answer was ${JSON.stringify(answer)}`);
    }
    await delay(LOOK_EVERY_MS);
  }
}
