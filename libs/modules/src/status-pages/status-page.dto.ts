import { AppError, isoTime, statusNumber } from '@app/core';
import type { Heartbeat } from '@app/core';
import { FlagField, IdListField, IntegerField, TextField, TextListField } from '@app/platform';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { Monitor } from '../monitors/monitor.entity';
import { cssProblem } from './custom-css';
import type { StatusPage } from './status-page.entity';

const ID = '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d14';
const MONITOR_ID = '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d12';

const fields = {
  slug: {
    min: 3,
    max: 255,
    example: 'acme',
    description: 'Its place in the address; letter case counts',
    rule: { test: isSlug, message: 'may have letters, digits and - . _ ~ only' },
  },
  title: { min: 3, max: 255, notBlank: true, example: 'Acme status' },
  description: { optional: true, example: 'Everything we run' },
  icon: {
    optional: true,
    max: 255,
    example: 'https://cdn.example.com/acme.png',
    rule: { test: isImage, message: 'must be an address of http, https or data:image/' },
  },
  theme: { optional: true, max: 30, example: 'light' },
  published: { optional: true, example: true, description: 'False = visitors get 404' },
  footer_text: { optional: true, example: '© Acme' },
  auto_refresh_interval: { optional: true, min: 0, example: 60, description: 'Seconds' },
  search_engine_index: { optional: true, example: false, description: 'Search engines may list it' },
  show_tags: { optional: true, example: false },
  show_powered_by: { optional: true, example: false },
  show_certificate_expiry: { optional: true, example: false },
  custom_css: {
    optional: true,
    max: 50_000,
    example: 'h1 { color: #0a0; }',
    description: 'Without url(), @import, @font-face, image functions, script and tags',
    rule: { test: (css: string) => cssProblem(css) === null, message: 'must load nothing and run nothing' },
  },
  google_analytics_tag_id: {
    optional: true,
    max: 32,
    example: '',
    rule: { test: (id: string) => /^[A-Za-z0-9-]*$/.test(id), message: 'must be a tag id such as G-XXXXXXX' },
  },
  password: {
    optional: true,
    max: 200,
    example: '',
    description: 'Visitors have to send it as X-Status-Page-Password. "" = none; never returned',
  },
  monitor_ids: { optional: true, example: [], description: 'Shown in this order' },
  domains: {
    optional: true,
    max: 255,
    example: ['status.example.com'],
    description: 'Host names under which it is shown; each belongs to one page',
  },
};

@ApiSchema({ name: 'status_page.CreateStatusPageDTO' })
export class StatusPageInputDto {
  @TextField(fields.slug) slug!: string;
  @TextField(fields.title) title!: string;
  @TextField(fields.description) description?: string | null;
  @TextField(fields.icon) icon?: string | null;
  @TextField(fields.theme) theme?: string | null;
  @FlagField({ ...fields.published, default: false }) published?: boolean | null;
  @TextField(fields.footer_text) footer_text?: string | null;
  /** 0 is taken as absent, as clients know it. */
  @IntegerField({ ...fields.auto_refresh_interval, default: 300 }) auto_refresh_interval?: number | null;
  @FlagField(fields.search_engine_index) search_engine_index?: boolean | null;
  @FlagField(fields.show_tags) show_tags?: boolean | null;
  @FlagField(fields.show_powered_by) show_powered_by?: boolean | null;
  @FlagField(fields.show_certificate_expiry) show_certificate_expiry?: boolean | null;
  @TextField(fields.custom_css) custom_css?: string | null;
  @TextField(fields.google_analytics_tag_id) google_analytics_tag_id?: string | null;
  @TextField(fields.password) password?: string | null;
  @IdListField(fields.monitor_ids) monitor_ids?: string[] | null;
  @TextListField(fields.domains) domains?: string[] | null;
}

@ApiSchema({ name: 'status_page.UpdateStatusPageDTO' })
export class StatusPagePatchDto {
  @TextField({ ...fields.slug, optional: true }) slug?: string | null;
  @TextField({ ...fields.title, optional: true }) title?: string | null;
  @TextField(fields.description) description?: string | null;
  @TextField(fields.icon) icon?: string | null;
  @TextField(fields.theme) theme?: string | null;
  @FlagField(fields.published) published?: boolean | null;
  @TextField(fields.footer_text) footer_text?: string | null;
  @IntegerField(fields.auto_refresh_interval) auto_refresh_interval?: number | null;
  @FlagField(fields.search_engine_index) search_engine_index?: boolean | null;
  @FlagField(fields.show_tags) show_tags?: boolean | null;
  @FlagField(fields.show_powered_by) show_powered_by?: boolean | null;
  @FlagField(fields.show_certificate_expiry) show_certificate_expiry?: boolean | null;
  @TextField(fields.custom_css) custom_css?: string | null;
  @TextField(fields.google_analytics_tag_id) google_analytics_tag_id?: string | null;
  @TextField(fields.password) password?: string | null;
  @IdListField(fields.monitor_ids) monitor_ids?: string[] | null;
  @TextListField(fields.domains) domains?: string[] | null;
}

@ApiSchema({ name: 'status_page.Model' })
export class StatusPageDto {
  @ApiProperty({ example: ID }) id!: string;
  @ApiProperty({ example: 'acme' }) slug!: string;
  @ApiProperty({ example: 'Acme status' }) title!: string;
  @ApiProperty({ example: 'Everything we run' }) description!: string;
  @ApiProperty({ example: 'https://cdn.example.com/acme.png' }) icon!: string;
  @ApiProperty({ example: 'light' }) theme!: string;
  @ApiProperty({ example: true }) published!: boolean;
  @ApiProperty({ example: '© Acme' }) footer_text!: string;
  @ApiProperty({ type: 'integer', example: 60, description: 'Seconds' }) auto_refresh_interval!: number;
  @ApiProperty({ example: '2026-03-05T08:00:00.500Z' }) created_at!: string;
  @ApiProperty({ example: '2026-03-05T08:30:00.250Z' }) updated_at!: string;

  static from(this: void, page: StatusPage): StatusPageDto {
    return {
      id: page.id,
      slug: page.slug,
      title: page.title,
      description: page.description,
      icon: page.icon,
      theme: page.theme,
      published: page.published,
      footer_text: page.footerText,
      auto_refresh_interval: page.autoRefreshInterval,
      created_at: page.createdAt.toISOString(),
      updated_at: page.updatedAt.toISOString(),
    };
  }
}

/** What visitors get. What is not set is left out, so that clients which know none of it see what they always saw. */
@ApiSchema({ name: 'status_page.PublicModel' })
export class PublicStatusPageDto extends StatusPageDto {
  @ApiPropertyOptional({ example: true }) search_engine_index?: boolean;
  @ApiPropertyOptional({ example: true }) show_tags?: boolean;
  @ApiPropertyOptional({ example: true }) show_powered_by?: boolean;
  @ApiPropertyOptional({ example: true }) show_certificate_expiry?: boolean;
  @ApiPropertyOptional({ example: 'h1 { color: #0a0; }' }) custom_css?: string;
  @ApiPropertyOptional({ example: 'G-XXXXXXX' }) google_analytics_tag_id?: string;

  static override from(this: void, page: StatusPage): PublicStatusPageDto {
    return {
      ...StatusPageDto.from(page),
      search_engine_index: page.searchEngineIndex || undefined,
      show_tags: page.showTags || undefined,
      show_powered_by: page.showPoweredBy || undefined,
      show_certificate_expiry: page.showCertificateExpiry || undefined,
      custom_css: page.customCss || undefined,
      google_analytics_tag_id: page.googleAnalyticsTagId || undefined,
    };
  }
}

@ApiSchema({ name: 'status_page.StatusPageWithMonitorsResponseDTO' })
export class StatusPageDetailDto extends StatusPageDto {
  @ApiProperty({ example: false }) search_engine_index!: boolean;
  @ApiProperty({ example: false }) show_tags!: boolean;
  @ApiProperty({ example: false }) show_powered_by!: boolean;
  @ApiProperty({ example: false }) show_certificate_expiry!: boolean;
  @ApiProperty({ example: '' }) custom_css!: string;
  @ApiProperty({ example: '' }) google_analytics_tag_id!: string;
  @ApiPropertyOptional({ example: true, description: 'Visitors need a password; absent when they do not' })
  password_protected?: boolean;
  @ApiProperty({ type: [String], example: [MONITOR_ID] }) monitor_ids!: string[];
  @ApiProperty({ type: [String], example: ['status.example.com'] }) domains!: string[];

  static of(this: void, page: StatusPage, monitorIds: string[], domains: string[]): StatusPageDetailDto {
    return {
      ...StatusPageDto.from(page),
      search_engine_index: page.searchEngineIndex,
      show_tags: page.showTags,
      show_powered_by: page.showPoweredBy,
      show_certificate_expiry: page.showCertificateExpiry,
      custom_css: page.customCss,
      google_analytics_tag_id: page.googleAnalyticsTagId,
      password_protected: page.password === null ? undefined : true,
      monitor_ids: monitorIds,
      domains,
    };
  }
}

@ApiSchema({ name: 'status_page.PublicHeartbeat' })
export class PublicHeartbeatDto {
  @ApiProperty({ example: '01935f0e-7a3c-7000-8000-000001000000' }) id!: string;
  @ApiProperty({ type: 'integer', enum: [0, 1, 2, 3], description: '0 down, 1 up, 2 pending, 3 maintenance' })
  status!: number;
  @ApiProperty({ example: '2026-03-05T08:05:00.061Z' }) time!: string;
  @ApiProperty({ example: '2026-03-05T08:05:00.073Z' }) end_time!: string;
  @ApiProperty({ type: 'integer', example: 12, description: 'Latency, ms' }) ping!: number;

  /** Without its message, which may tell of what is inside. */
  static from(this: void, { id, status, time, endTime, latencyMs }: Heartbeat): PublicHeartbeatDto {
    return { id, status: statusNumber(status), time: isoTime(time), end_time: isoTime(endTime), ping: latencyMs };
  }
}

@ApiSchema({ name: 'status_page.PublicMonitor' })
export class PublicMonitorDto {
  @ApiProperty({ example: MONITOR_ID }) id!: string;
  @ApiProperty({ example: 'tcp' }) type!: string;
  @ApiProperty({ example: 'Mail relay' }) name!: string;
  @ApiProperty({ example: true, description: 'False = paused' }) active!: boolean;
  @ApiProperty({ type: [PublicHeartbeatDto], description: 'Oldest first' }) heartbeats!: PublicHeartbeatDto[];
  @ApiProperty({ example: 99.86111111111111, description: 'Percent of the last 24 hours; 0 without data' })
  uptime_24h!: number;

  /** `newest` first. */
  static of(this: void, monitor: Monitor, newest: readonly Heartbeat[], uptime: number): PublicMonitorDto {
    const { id, type, name, active } = monitor;
    return { id, type, name, active, heartbeats: newest.map(PublicHeartbeatDto.from).reverse(), uptime_24h: uptime };
  }
}

/** What the web client looks for when a domain is taken: not the usual envelope. */
export function domainTaken(domain: string, cause?: unknown): AppError {
  const body = { error: { code: 'DOMAIN_EXISTS', domain } };
  return new AppError('invalid', `${domain} belongs to another status page`, { body, cause });
}

function isSlug(text: string): boolean {
  return /^[\p{L}\p{M}\p{N}._~-]+$/u.test(text);
}

function isImage(text: string): boolean {
  return text === '' || /^(?:https?:\/\/\S+|data:image\/\S+)$/i.test(text);
}
