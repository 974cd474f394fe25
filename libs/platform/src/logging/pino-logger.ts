import type { Env } from '@app/core';
import type { LoggerService } from '@nestjs/common';
import pino from 'pino';
import type { Logger } from 'pino';
import type PinoPretty from 'pino-pretty';

const LEVELS: Record<Env['LOG_LEVEL'], string> = {
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  dpanic: 'error',
  panic: 'fatal',
  fatal: 'fatal',
};

/** Keys whose values never reach a log line, wherever an object carries them. */
const REDACT = ['password', 'token', 'accessToken', 'refreshToken', 'secret', 'config', 'authorization', 'pushToken'];

export function createLogger(
  env: Pick<Env, 'LOG_LEVEL' | 'LOG_PRETTY' | 'SERVICE_NAME' | 'MODE'>,
  stream: NodeJS.WriteStream = process.stdout,
): Logger {
  const pretty = env.LOG_PRETTY === 'auto' ? stream.isTTY === true : env.LOG_PRETTY === 'true';
  const options = {
    level: LEVELS[env.LOG_LEVEL],
    base: { svc: env.SERVICE_NAME, mode: env.MODE },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACT.flatMap((key) => [key, `*.${key}`]), censor: '*****' },
  };
  if (!pretty) return pino(options, stream);
  // Loaded only for people at a terminal. In this process: a worker thread would lose the last lines at exit.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- needed synchronously, and only then
  const prettyStream = (require('pino-pretty') as typeof PinoPretty)({
    colorize: stream.isTTY === true,
    ignore: 'pid,hostname,svc,mode',
    translateTime: 'SYS:HH:MM:ss.l',
    sync: true,
  });
  return pino(options, prettyStream);
}

/** Nest tells of every module and route at start, which only those who look for a fault there want to read. */
const FRAMEWORK = new Set<unknown>([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'WebSocketsController',
]);

/** What Nest and our own classes log through; the last argument of Nest's calls is the context. */
export class PinoLogger implements LoggerService {
  constructor(readonly pino: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(FRAMEWORK.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(
    level: 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const text = rest.slice(0, -1).find((item): item is string => typeof item === 'string' && item !== '');
    if (message instanceof Error) this.pino[level]({ context, err: message }, message.message);
    else if (typeof message === 'object' && message !== null) this.pino[level]({ context, ...message }, text);
    else this.pino[level]({ context, ...(text !== undefined && { detail: text }) }, String(message));
  }
}
