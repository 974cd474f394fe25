/** Each is `apps/<name>/src/main.ts`, which exports the promise `started`, and becomes `dist/<name>/main.js`. */
export const APPS = ['standalone'];
