// What the scripts of the repository use; it has to come from one bundle, so that each class exists once.
import 'reflect-metadata';

export { configurationTable, envExample, loadEnv } from '@app/core';
export { createApiDocument } from '@app/platform';
export { RELEASE } from '@app/platform/process';
export { createApp } from './app';
