const DEFAULT = [7, 14, 21];

/** The setting `cert_expiry_notify_days`: a JSON list of days. Empty = off; missing or unreadable = 7, 14 and 21. */
export function expiryThresholds(setting: string | null): readonly number[] {
  if (setting === null) return DEFAULT;
  try {
    const value: unknown = JSON.parse(setting);
    return Array.isArray(value) && value.every(Number.isInteger) ? (value as number[]) : DEFAULT;
  } catch {
    return DEFAULT;
  }
}
