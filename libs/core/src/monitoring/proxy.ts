export const PROXY_PROTOCOLS = ['http', 'https', 'socks', 'socks4', 'socks5', 'socks5h'] as const;
export type ProxyProtocol = (typeof PROXY_PROTOCOLS)[number];

/** A way round. `socks`, `socks5` and `socks5h` are all SOCKS 5; names of targets are resolved by the proxy. */
export interface ProxySettings {
  protocol: ProxyProtocol;
  host: string;
  port: number;
  /** Used when both are there. */
  username?: string;
  password?: string;
}
