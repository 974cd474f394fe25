import { AppError, newId } from '@app/core';
import type { New } from '@app/core';
import { Injectable } from '@nestjs/common';
import { decrypt, encrypt } from '../auth/secrets/cipher';
import { InstanceSecrets } from '../auth/secrets/instance-secrets';
import { ProxiesRepository } from './proxies.repository';
import type { ProxyPage } from './proxies.repository';
import type { ProxyInputDto, ProxyPatchDto } from './proxy.dto';
import type { Proxy } from './proxy.entity';

/** A proxy with its password in clear. */
export interface ProxyView {
  proxy: Proxy;
  password: string;
}

type Values = Omit<New<Proxy>, 'id'>;

@Injectable()
export class ProxiesService {
  constructor(
    private readonly proxies: ProxiesRepository,
    private readonly secrets: InstanceSecrets,
  ) {}

  async findPage(page: ProxyPage): Promise<ProxyView[]> {
    return (await this.proxies.findPage(page)).map((proxy) => this.viewOf(proxy));
  }

  /** @throws AppError `not_found` */
  async get(id: string): Promise<ProxyView> {
    const proxy = await this.proxies.findById(id);
    if (!proxy) throw new AppError('not_found', 'Proxy not found');
    return this.viewOf(proxy);
  }

  /** @throws AppError `invalid` */
  async create(input: ProxyInputDto): Promise<ProxyView> {
    const values = accepted(input);
    const id = newId();
    return this.viewOf(await this.proxies.insert({ ...this.sealed(values, id), id }));
  }

  /** What is absent is cleared. @throws AppError `invalid`, `not_found` */
  async replace(id: string, input: ProxyInputDto): Promise<ProxyView> {
    const values = accepted(input);
    const { proxy } = await this.get(id);
    await this.proxies.update(proxy.id, this.sealed(values, proxy.id));
    return this.get(id);
  }

  /** Absent is unchanged; the result has to be what create would accept. @throws AppError `invalid`, `not_found` */
  async patch(id: string, input: ProxyPatchDto): Promise<ProxyView> {
    const view = await this.get(id);
    const given = Object.entries(input).filter(([, value]) => value !== null && value !== undefined);
    if (given.length === 0) return view;
    const { protocol, host, port, auth, username } = view.proxy;
    const stored = { protocol, host, port, auth, username, password: view.password };
    const values = accepted({ ...stored, ...Object.fromEntries(given) });
    await this.proxies.update(view.proxy.id, this.sealed(values, view.proxy.id));
    return this.get(id);
  }

  /** Deleting what does not exist is a success. */
  async delete(id: string): Promise<void> {
    await this.proxies.delete(id);
  }

  /** @throws Error for a password that was encrypted with another key */
  viewOf(proxy: Proxy): ProxyView {
    const { id, password } = proxy;
    return { proxy, password: password && decrypt(this.secrets.encryption, password, id) };
  }

  private sealed(values: Values, id: string): Values {
    const { password } = values;
    return { ...values, password: password && encrypt(this.secrets.encryption, password, id) };
  }
}

/** @throws AppError `invalid` when credentials are to be used and not there */
function accepted({ protocol, host, port, auth, username, password }: ProxyInputDto): Values {
  const values = { protocol, host, port, auth: auth ?? false, username: username ?? '', password: password ?? '' };
  if (values.auth) {
    const missing = (['username', 'password'] as const).filter((name) => !values[name]);
    if (missing.length > 0) throw new AppError('invalid', missing.map((name) => `${name} is required`).join('; '));
  }
  return values;
}
