import { openTemporary } from '../../../../../test/contract/sqlite';
import { InstanceSecret } from './instance-secret.entity';
import { InstanceSecrets } from './instance-secrets';

describe('InstanceSecrets', () => {
  it('are made once, also by several servers that start together', async () => {
    const database = await openTemporary([InstanceSecret]);
    const loads = await Promise.all([1, 2, 3].map(() => InstanceSecrets.load(database.store)));
    const later = await InstanceSecrets.load(database.store);

    const keys = [...loads, later].map(({ access, refresh, encryption }) =>
      [access, refresh, encryption].map((key) => key.export().toString('base64')),
    );
    expect(new Set(keys.map((list) => list.join())).size).toBe(1);
    expect(new Set(keys[0]).size).toBe(3);
    expect(later.access.export().toString('utf8')).toMatch(/^[0-9a-f]{64}$/);
    expect(later.encryption.symmetricKeySize).toBe(32);
    await database.close();
  });
});
