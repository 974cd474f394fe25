import { SECOND, newId } from '@app/core';
import type { Presence } from '@app/core';
import type { FakeClock } from '../support/clock';

export interface PresenceUnderTest {
  presence: Presence;
  clock: FakeClock;
  close(): Promise<void>;
}

/** What every engine promises of `Presence`. */
export function presenceContract(engine: string, open: () => Promise<PresenceUnderTest>): void {
  describe(`Presence on ${engine}`, () => {
    let context: PresenceUnderTest;
    let presence: Presence;
    let clock: FakeClock;
    const part = newId();

    beforeEach(async () => {
      context = await open();
      ({ presence, clock } = context);
    });

    afterEach(() => context.close());

    it('is now, while nobody plays the part', async () => {
      await expect(presence.since(part)).resolves.toBe(clock.now());
      clock.advance(SECOND);
      await expect(presence.since(part)).resolves.toBe(clock.now());
    });

    it('is when the first one came, also when others come and go', async () => {
      const began = clock.now();
      const leave = await presence.join(part);
      clock.advance(SECOND);
      await presence.join(part);
      clock.advance(SECOND);
      await leave();
      await leave();

      await expect(presence.since(part)).resolves.toBe(began);
    });

    it('begins anew after a break', async () => {
      const leave = await presence.join(part);
      clock.advance(SECOND);
      await leave();
      clock.advance(SECOND);
      await expect(presence.since(part)).resolves.toBe(clock.now());

      await presence.join(part);
      const began = clock.now();
      clock.advance(SECOND);

      await expect(presence.since(part)).resolves.toBe(began);
    });

    it('begins anew when the players could not play', async () => {
      await presence.join(part);
      clock.advance(SECOND);

      await presence.interrupted(part);

      const began = clock.now();
      clock.advance(SECOND);
      await expect(presence.since(part)).resolves.toBe(began);
    });

    it('knows parts apart', async () => {
      await presence.join(newId());
      clock.advance(SECOND);

      await expect(presence.since(part)).resolves.toBe(clock.now());
    });
  });
}
