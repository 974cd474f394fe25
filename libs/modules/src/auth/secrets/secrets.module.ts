import { Store } from '@app/core';
import { Module } from '@nestjs/common';
import { InstanceSecrets } from './instance-secrets';

/** The keys of this installation, for those who sign or encrypt. */
@Module({
  providers: [{ provide: InstanceSecrets, inject: [Store], useFactory: (store: Store) => InstanceSecrets.load(store) }],
  exports: [InstanceSecrets],
})
export class SecretsModule {}
