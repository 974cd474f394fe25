import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { isBcrypt, matchesBcrypt } from './bcrypt-hash';
import { Turnstile } from './turnstile';

/** OWASP's argon2id recommendation: 19 MiB, two passes, one lane; about 10 ms. The library's default algorithm. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CURRENT = '$argon2id$v=19$m=19456,t=2,p=1$';

/** Some ten seconds of work: who comes later would give up before it is done. */
const MAX_WAITING = 1000;

/**
 * Hashes and compares passwords. One core is left to everybody else: hashing is the most expensive thing that a
 * stranger can make this server do.
 */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private readonly turnstile = new Turnstile(Math.max(1, availableParallelism() - 1), MAX_WAITING);
  /** Compared with where there is no password, so that the answer takes as long. */
  private dummy = '';

  async onModuleInit(): Promise<void> {
    this.dummy = await hash(randomBytes(32), OPTIONS);
  }

  /** `whenDue` runs when it is this one's turn; by throwing it calls off what became pointless while it waited. */
  hash(password: string, whenDue?: () => Promise<unknown>): Promise<string> {
    return this.turnstile.run(async () => {
      await whenDue?.();
      return hash(password, OPTIONS);
    });
  }

  /** Takes as long without a stored hash; then it is false. `whenDue` as for {@link hash}. */
  matches(password: string, stored: string | null, whenDue?: () => Promise<unknown>): Promise<boolean> {
    return this.turnstile.run(async () => {
      await whenDue?.();
      const matches = await compare(password, stored ?? this.dummy);
      return matches && stored !== null;
    });
  }

  /** The hash should be made anew, with the password at hand. */
  isOutdated(stored: string): boolean {
    return !stored.startsWith(CURRENT);
  }
}

function compare(password: string, stored: string): Promise<boolean> {
  return isBcrypt(stored) ? matchesBcrypt(password, stored) : verify(stored, password);
}
