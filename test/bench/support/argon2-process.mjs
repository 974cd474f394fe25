// Passwords that one thread can verify in a second, with nothing around it.
import { hash, verify } from '@node-rs/argon2';

const PASSWORD = 'Bench-mark-1';
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

process.once('message', async ({ seconds }) => {
  const stored = await hash(PASSWORD, OPTIONS);
  const startedAt = performance.now();
  let verified = 0;
  while (performance.now() - startedAt < seconds * 1000) {
    await verify(stored, PASSWORD);
    verified++;
  }
  process.send((verified * 1000) / (performance.now() - startedAt));
});
