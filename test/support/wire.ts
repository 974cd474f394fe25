/** What recurs in answers. */

/** UUID v7, as all of our ids. */
export const AN_ID = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);

/** RFC 3339, UTC, three fractional digits. */
export const A_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** An id that nothing has. */
export const NOBODY = '11111111-2222-4333-8444-555555555555';

export function success(data: unknown, message = 'success') {
  return { status: 200, body: { message, data } };
}

export function created(message: string, data: unknown) {
  return { status: 201, body: { message, data } };
}

export function refused(status: number, message: unknown) {
  return { status, body: { message, data: null } };
}

export const NO_CREDENTIALS = refused(
  401,
  'Authentication required: provide either X-API-Key header or Authorization header',
);
export const NOT_ALLOWED = refused(403, 'Insufficient permissions');
export const NOT_FOUND = refused(404, 'Not found');
