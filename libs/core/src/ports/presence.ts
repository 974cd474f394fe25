/**
 * Since when somebody plays a part without a break. A part is played by any number of processes; the break begins when
 * the last one is gone, and ends with the next one.
 */
export abstract class Presence {
  /** This process plays `part` from now on, until it stops or the returned function is called. */
  abstract join(part: string): Promise<() => Promise<void>>;

  /** Whoever plays `part` could not do so until now: the time without a break begins anew. */
  abstract interrupted(part: string): Promise<void>;

  /** Epoch ms; the present moment while nobody plays it. */
  abstract since(part: string): Promise<number>;
}

/** The part of those who take pushes: a push monitor has its grace after every time in which nobody did. */
export const TAKES_PUSHES = 'takes-pushes';
