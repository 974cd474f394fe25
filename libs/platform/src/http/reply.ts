/** The envelope of every success. */
export interface Reply<T> {
  message: string;
  data: T;
}

export function reply<T>(message: string, data: T): Reply<T> {
  return { message, data };
}

/** For handlers that write their JSON text themselves. */
export const JSON_TYPE = 'application/json; charset=utf-8';
