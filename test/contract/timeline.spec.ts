import { ENGINES, onEngines } from '../support/engines';
import { openDatabase } from './database';
import { timelineContract } from './timeline.contract';
import { TIMELINE_ENTITIES } from './timeline.entities';

onEngines(ENGINES, (engine) => timelineContract(() => openDatabase(engine, TIMELINE_ENTITIES)));
