import { letYoungGenerationGrow } from '@app/platform/process/young-generation';
import 'reflect-metadata';
import { runMain } from '@app/platform/process';
import { start } from './start';

export const started = runMain(process.env, () => start(process.env).then(letYoungGenerationGrow));
