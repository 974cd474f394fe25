import type { CertificateDocument, ProxySettings } from '@app/core';
import type { Outbound } from '@app/outbound';
import type { z } from 'zod';

export interface CheckContext {
  /** Aborts at the deadline of the check. Everything awaited must heed it. */
  signal: AbortSignal;
  /** Whole seconds; for tools that want it as an argument. */
  timeoutSeconds: number;
  outbound: Outbound;
  /** For checks that speak HTTP; others go straight. */
  proxy?: ProxySettings;
}

export interface Verdict {
  status: 'up' | 'down' | 'pending';
  message: string;
  /** What the type measures, whole ms; absent = the whole check. */
  latencyMs?: number;
  certificate?: CertificateDocument;
}

type Extras = Pick<Verdict, 'latencyMs' | 'certificate'>;

export function up(message: string, extras: Extras = {}): Verdict {
  return { status: 'up', message, ...extras };
}

/** Throwing says down as well; this is for failures that know their latency or certificate. */
export function down(message: string, extras: Extras = {}): Verdict {
  return { status: 'down', message, ...extras };
}

/** How one monitor type is checked. */
export interface Checker<Schema extends z.ZodObject = z.ZodObject> {
  type: string;
  /** Shape of `config`; unknown keys are refused on save and ignored at check time. */
  config: Schema;
  /** Keys of `config` that never appear in a log, an error or a socket. */
  secrets?: readonly (keyof z.output<Schema> & string)[];
  /** Answers one question once. Throwing means down, with the error's message. */
  check(config: z.output<Schema>, context: CheckContext): Promise<Verdict>;
}

/** A type whose news come from outside: it is never run, its deadline is judged where the pushes are known. */
export interface PassiveType<Schema extends z.ZodObject = z.ZodObject> {
  type: string;
  config: Schema;
  secrets?: readonly (keyof z.output<Schema> & string)[];
  passive: true;
}

export function defineChecker<Schema extends z.ZodObject>(checker: Checker<Schema>): Checker<Schema> {
  return checker;
}

export function definePassiveType<Schema extends z.ZodObject>(
  type: Omit<PassiveType<Schema>, 'passive'>,
): PassiveType<Schema> {
  return { ...type, passive: true };
}
