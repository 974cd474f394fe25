/**
 * Each is `apps/<name>/src/main.ts` and becomes `dist/<name>/main.js`. The main file of a server exports the promise
 * `started`.
 */
export const APPS = ['admin', 'api', 'backup', 'ingester', 'migrate', 'producer', 'standalone', 'worker'];
