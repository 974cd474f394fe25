export interface NotifierRequest {
  method: 'POST' | 'PUT' | 'GET';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export interface NotifierResponse {
  status: number;
  statusText: string;
  /** At most 64 KiB of it. */
  body: string;
}

/** HTTP for notifiers: deadline, target policy, redirects and redaction are already taken care of. */
export interface NotifierHttp {
  /** Any answer is returned, also a 500. @throws DeliveryError (retryable) when there is none. */
  send(url: URL, request: NotifierRequest): Promise<NotifierResponse>;
}
