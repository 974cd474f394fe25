import passport from 'passport';
import type { Strategy } from 'passport';

type PassportCall = (request: object, response: object, next: (error: Error) => void) => void;

/**
 * Has a passport strategy judge credentials, outside of any request's life.
 * @returns null when they are no good. @throws what the strategy throws
 */
export function askStrategy<Grant>(strategy: Strategy, credentials: object): Promise<Grant | null> {
  return new Promise((resolve, reject) => {
    const answer = (error: Error | null, grant: Grant | false | null) => {
      if (error) reject(error);
      else resolve(grant || null);
    };
    // By the strategy itself: names are global in passport, and several servers may live in one process. An heir of it
    // for each call: passport writes this call's callbacks onto it, and the next call comes while this one waits.
    const heir = Object.create(strategy) as Strategy;
    const ask = passport.authenticate(heir, { session: false }, answer) as PassportCall;
    ask(credentials, {}, reject);
  });
}
