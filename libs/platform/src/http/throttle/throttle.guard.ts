import { AppError, SECOND } from '@app/core';
import { Injectable } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ACCESS } from '../endpoint';
import type { Access, Rate } from '../endpoint';
import type { Principal } from '../principal';
import { placeOf } from './place';

interface Policy {
  name: Rate;
  limit: number;
  windowMs: number;
  /** What keeps the counts of one policy apart from those of another. */
  prefix: string;
  /** `RateLimit-Policy` */
  header: string;
}

/**
 * Counts requests by who sends them, or by address where nobody knows, and refuses those beyond the limit of the route
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers). The throttler's own way through decorators,
 * trackers and digests costs ten times as much.
 */
@Injectable()
export class ThrottleGuard extends ThrottlerGuard {
  private readonly policies = new Map<Rate, Policy>();

  override async onModuleInit(): Promise<void> {
    await super.onModuleInit();
    for (const { name, limit, ttl } of this.throttlers as { name: Rate; limit: number; ttl: number }[]) {
      if (limit === 0) continue; // switched off
      const prefix = name === 'default' ? '' : `${name}:`;
      const header = `"${name}";q=${limit};w=${Math.ceil(ttl / SECOND)}`;
      this.policies.set(name, { name, limit, windowMs: ttl, prefix, header });
    }
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler());
    const policy = access && this.policies.get(access.rate);
    if (!policy) return true;
    const http = context.switchToHttp();
    await this.count(policy, whoOf(http.getRequest()), http.getResponse());
    return true;
  }

  /** @throws AppError `too_many_requests` */
  private async count(policy: Policy, who: string, reply: FastifyReply): Promise<void> {
    const { name, limit, windowMs, prefix, header } = policy;
    const counted = await this.storageService.increment(prefix + who, windowMs, limit, windowMs, name);
    const { totalHits, timeToExpire, isBlocked } = counted;
    void reply.header('ratelimit-policy', header);
    void reply.header('ratelimit', `"${name}";r=${isBlocked ? 0 : limit - totalHits};t=${timeToExpire}`);
    if (!isBlocked) return;
    throw new AppError('too_many_requests', 'Too many requests, try later', { retryAfterSeconds: timeToExpire });
  }
}

function whoOf({ principal, ip }: FastifyRequest & { principal?: Principal }): string {
  if (!principal) return placeOf(ip);
  return principal.kind === 'user' ? principal.userId : principal.keyId;
}
