import { ENGINES, onEngines } from '../support/engines';
import { openDatabase } from './database';
import { timelineContract } from './timeline.contract';
import { TIMELINE_ENTITIES } from './timeline.entities';

// FerretDB, which may stand in for MongoDB, looks through all documents for whatever it is asked.
jest.setTimeout(180_000);

onEngines(ENGINES, (engine) => timelineContract(() => openDatabase(engine, TIMELINE_ENTITIES)));
