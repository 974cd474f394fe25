/** What a client sends to create a maintenance: a manual one, open at once, unless told otherwise. */
export function maintenanceBody(values: Record<string, unknown> = {}): Record<string, unknown> {
  return { title: 'Router upgrade', description: '', strategy: 'manual', active: true, monitor_ids: [], ...values };
}
