import type { New } from '@app/core';
import type { StatusPageInputDto, StatusPagePatchDto } from './status-page.dto';
import type { StatusPage } from './status-page.entity';

type Values = Omit<New<StatusPage>, 'id' | 'password'>;

/** Seconds. */
const DEFAULT_REFRESH = 300;

/** A whole page, but for its password: what is absent gets its default. */
export function valuesOf(input: StatusPageInputDto): Values {
  const description = input.description ?? '';
  return {
    slug: input.slug,
    title: input.title,
    description,
    words: wordsOf(input.title, description),
    icon: input.icon ?? '',
    theme: input.theme || 'light',
    published: input.published ?? false,
    footerText: input.footer_text ?? '',
    autoRefreshInterval: input.auto_refresh_interval || DEFAULT_REFRESH,
    searchEngineIndex: input.search_engine_index ?? false,
    showTags: input.show_tags ?? false,
    showPoweredBy: input.show_powered_by ?? false,
    showCertificateExpiry: input.show_certificate_expiry ?? false,
    customCss: input.custom_css ?? '',
    googleAnalyticsTagId: input.google_analytics_tag_id ?? '',
  };
}

/** What a patch changes, but for the password; null and absent leave things as they are. */
export function changesOf(stored: StatusPage, patch: StatusPagePatchDto): Partial<Values> {
  const changes = {
    slug: patch.slug,
    title: patch.title,
    description: patch.description,
    icon: patch.icon,
    theme: patch.theme,
    published: patch.published,
    footerText: patch.footer_text,
    autoRefreshInterval: patch.auto_refresh_interval,
    searchEngineIndex: patch.search_engine_index,
    showTags: patch.show_tags,
    showPoweredBy: patch.show_powered_by,
    showCertificateExpiry: patch.show_certificate_expiry,
    customCss: patch.custom_css,
    googleAnalyticsTagId: patch.google_analytics_tag_id,
  };
  const given = Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== null && value !== undefined),
  ) as Partial<Values>;
  if (given.title === undefined && given.description === undefined) return given;
  const words = wordsOf(given.title ?? stored.title, given.description ?? stored.description);
  return { ...given, words };
}

function wordsOf(title: string, description: string): string {
  return `${title}\n${description}`;
}
