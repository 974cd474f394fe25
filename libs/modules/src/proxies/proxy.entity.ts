import type { ProxyProtocol } from '@app/core';
import { Entity, Flag, Index, Int, Stored, Text } from '@app/core';

/** A way round for the requests of HTTP checks. */
@Stored('proxies')
@Index(['createdAt', 'id'])
export class Proxy extends Entity {
  @Text({ max: 10 }) protocol!: ProxyProtocol;
  @Text({ max: 255, search: true }) host!: string;
  @Int() port!: number;
  /** Whether the credentials are used. */
  @Flag() auth!: boolean;
  /** Empty = none. */
  @Text({ max: 255 }) username!: string;
  /** Encrypted, with the id as its owner; empty = none. */
  @Text() password!: string;
}
