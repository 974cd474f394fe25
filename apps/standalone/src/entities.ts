import { Delivery } from '@app/core';
import type { EntityClass } from '@app/core';
import { Tag } from '@app/modules/tags';

/** Everything that is stored through the store port; a spec compares it with the migrated schema. */
export const ENTITIES: readonly EntityClass[] = [Delivery, Tag];
