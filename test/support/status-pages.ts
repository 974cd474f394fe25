/** What a client sends to create a status page: a published one without monitors, unless told otherwise. */
export function pageBody(values: Record<string, unknown> = {}): Record<string, unknown> {
  return { slug: 'acme', title: 'Acme status', published: true, ...values };
}
