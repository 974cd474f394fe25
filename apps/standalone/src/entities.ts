import { Delivery } from '@app/core';
import type { EntityClass } from '@app/core';
import { InstanceSecret, LoginAttempts, Session } from '@app/modules/auth';
import { Setting } from '@app/modules/settings';
import { Tag } from '@app/modules/tags';
import { User } from '@app/modules/users';

/** Everything that is stored through the store port; a spec compares it with the migrated schema. */
export const ENTITIES: readonly EntityClass[] = [Delivery, InstanceSecret, LoginAttempts, Session, Setting, User, Tag];
