const PREFIX = /^\/api\/v1\//;
const ACTIONS: Record<string, string> = { POST: 'create', PUT: 'update', PATCH: 'update', DELETE: 'delete' };

export interface RouteDescription {
  resource: string;
  action: string;
  /** The parameter that says which one. */
  parameter: string | null;
}

/**
 * What a write is called in the audit: `POST /monitors/:id/reset` is the `reset` of a monitor, `PUT /tags/:id` the
 * `update` of a tag. Null for what is no write.
 */
export function describeRoute(method: string, url: string): RouteDescription | null {
  const action = ACTIONS[method];
  if (!action || !PREFIX.test(url)) return null;
  const [resource, ...rest] = url.replace(PREFIX, '').split('/') as [string, ...string[]];
  const last = rest.findLastIndex((part) => part.startsWith(':'));
  const verb = rest.slice(last + 1).join('.');
  return { resource, action: verb || action, parameter: rest[last]?.slice(1) ?? null };
}
