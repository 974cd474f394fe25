import { Entity, Index, Instant, Int, Stored, Text } from '../storage/decorators';

export type DeliveryKind = 'down' | 'up' | 'certificate' | 'certificate-expired';

/** `waiting` to be sent (again) at `dueAt`; the others are final and stay as a log. */
export type DeliveryState = 'waiting' | 'delivered' | 'dead' | 'dropped';

/**
 * One message for one channel: outbox and delivery log in one. Written in the transaction that found the reason,
 * sent by the notifier. Rows outlive their monitor and channel, hence no references.
 */
@Stored('deliveries')
@Index(['state', 'dueAt'])
@Index(['monitorId', 'channelId'])
@Index(['source', 'channelId'], { unique: true })
export class Delivery extends Entity {
  @Text({ max: 36 }) monitorId!: string;
  @Text({ max: 36 }) channelId!: string;
  @Text({ max: 30 }) kind!: DeliveryKind;
  /** What it is about: a heartbeat's id, or certificate and threshold. Makes a message unique per channel. */
  @Text({ max: 150 }) source!: string;
  @Text() text!: string;
  /** The heartbeat as JSON; null for certificate notices. */
  @Text({ nullable: true }) heartbeat!: string | null;
  @Text({ max: 20 }) state!: DeliveryState;
  @Int() attempts!: number;
  /** When to try (again). A notifier that takes it in hand moves this on; if it dies, it is due again by then. */
  @Instant() dueAt!: Date;
  @Text({ max: 1000, nullable: true }) lastError!: string | null;
  @Instant({ nullable: true }) finishedAt!: Date | null;
}
