import { PROXY_PROTOCOLS } from '@app/core';
import type { ProxyProtocol } from '@app/core';
import { FlagField, IntegerField, TextField } from '@app/platform';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { ProxyView } from './proxies.service';

const fields = {
  protocol: { min: 1, enum: PROXY_PROTOCOLS, example: 'http', description: 'socks, socks5 and socks5h are SOCKS 5' },
  host: {
    min: 1,
    max: 255,
    example: 'proxy.example.org',
  },
  port: { min: 1, max: 65_535, example: 3128 },
  auth: { optional: true, example: false, description: 'Whether the credentials are used; then both are needed' },
  username: { optional: true, max: 255, example: 'monitoring' },
  password: { optional: true, max: 255, example: 's3cret' },
};
const optional = { optional: true } as const;

@ApiSchema({ name: 'proxy.CreateUpdateDto' })
export class ProxyInputDto {
  @TextField(fields.protocol) protocol!: ProxyProtocol;
  @TextField(fields.host) host!: string;
  @IntegerField(fields.port) port!: number;
  @FlagField({ ...fields.auth, default: false }) auth?: boolean | null;
  @TextField(fields.username) username?: string | null;
  @TextField(fields.password) password?: string | null;
}

/** `""` clears a credential. */
@ApiSchema({ name: 'proxy.PartialUpdateDto' })
export class ProxyPatchDto {
  @TextField({ ...fields.protocol, ...optional }) protocol?: ProxyProtocol | null;
  @TextField({ ...fields.host, ...optional }) host?: string | null;
  @IntegerField({ ...fields.port, ...optional }) port?: number | null;
  @FlagField(fields.auth) auth?: boolean | null;
  @TextField(fields.username) username?: string | null;
  @TextField(fields.password) password?: string | null;
}

@ApiSchema({ name: 'proxy.Model' })
export class ProxyDto {
  @ApiProperty({ example: '01935f0e-7a3c-7c41-9d3e-2f1b6c8a4d14' }) id!: string;
  @ApiProperty({ enum: PROXY_PROTOCOLS, example: 'http' }) protocol!: ProxyProtocol;
  @ApiProperty({ example: 'proxy.example.org' }) host!: string;
  @ApiProperty({ type: 'integer', example: 3128 }) port!: number;
  @ApiProperty({ example: true }) auth!: boolean;
  @ApiPropertyOptional({ example: 'monitoring', description: 'Not for viewers, like the password' }) username?: string;
  @ApiPropertyOptional({ example: 's3cret' }) password?: string;
  @ApiProperty({ example: '2026-02-01T09:30:00.966Z' }) createdDate!: string;
  @ApiProperty({ example: '2026-02-01T09:30:00.966Z' }) updatedAt!: string;

  static from(this: void, { proxy, password }: ProxyView, mayKnowSecrets: boolean): ProxyDto {
    return {
      id: proxy.id,
      protocol: proxy.protocol,
      host: proxy.host,
      port: proxy.port,
      auth: proxy.auth,
      ...(mayKnowSecrets && proxy.username && { username: proxy.username }),
      ...(mayKnowSecrets && password && { password }),
      createdDate: proxy.createdAt.toISOString(),
      updatedAt: proxy.updatedAt.toISOString(),
    };
  }
}
