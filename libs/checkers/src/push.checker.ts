import { z } from 'zod';
import { definePassiveType } from './checker';

const config = z.object({
  pushToken: z.string().min(1),
});

/** Up as long as somebody calls the push endpoint in time; see `engine.md` section 13 of the contract. */
export const pushType = definePassiveType({ type: 'push', config, secrets: ['pushToken'] });
