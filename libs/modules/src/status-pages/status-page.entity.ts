import { Entity, Flag, Index, Int, Ref, Stored, Text } from '@app/core';
import { Monitor } from '../monitors/monitor.entity';

/** What visitors see of some monitors, without signing in. */
@Stored('status_pages')
@Index(['createdAt', 'id'])
export class StatusPage extends Entity {
  /** Compared exactly: `acme` and `ACME` are two pages. */
  @Text({ max: 255, unique: true }) slug!: string;
  @Text({ max: 255 }) title!: string;
  @Text() description!: string;
  /** Title and description: what a search looks through. */
  @Text({ search: true }) words!: string;
  @Text({ max: 255 }) icon!: string;
  @Text({ max: 30 }) theme!: string;
  /** False = for nobody but those who are signed in. */
  @Flag() published!: boolean;
  @Text() footerText!: string;
  /** Seconds; 0 leaves it to the client. */
  @Int() autoRefreshInterval!: number;
  @Flag() searchEngineIndex!: boolean;
  @Flag() showTags!: boolean;
  @Flag() showPoweredBy!: boolean;
  @Flag() showCertificateExpiry!: boolean;
  /** Keeps to `cssProblem`. */
  @Text() customCss!: string;
  @Text({ max: 32 }) googleAnalyticsTagId!: string;
  /** Hash of what visitors have to know; null = nothing. */
  @Text({ max: 255, nullable: true }) password!: string | null;
}

@Stored('status_page_monitors')
@Index(['statusPageId', 'monitorId'], { unique: true })
@Index(['monitorId'])
export class StatusPageMonitor extends Entity {
  @Ref(() => StatusPage, { onDelete: 'cascade' }) statusPageId!: string;
  @Ref(() => Monitor, { onDelete: 'cascade' }) monitorId!: string;
  /** Place in the list that was sent. */
  @Int() position!: number;
}

@Stored('status_page_domains')
@Index(['statusPageId'])
export class StatusPageDomain extends Entity {
  @Ref(() => StatusPage, { onDelete: 'cascade' }) statusPageId!: string;
  /** As browsers spell it: lower case, ASCII. */
  @Text({ max: 255, unique: true }) domain!: string;
  @Int() position!: number;
}
