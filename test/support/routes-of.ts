import type { RunningApp } from './app';

const LINE = /^(?<indent>[│ ]*)[├└]── (?<path>\S+)(?: \((?<methods>[A-Z, ]+)\))?$/;

/** `GET /api/v1/tags` and so on: every route that the server answers, whoever registered it, sorted. */
export function routesOf({ app }: RunningApp): string[] {
  const fastify = app.getHttpAdapter().getInstance();
  const above: string[] = [];
  const routes: string[] = [];
  for (const line of fastify.printRoutes({ commonPrefix: false }).split('\n').filter(Boolean)) {
    const { indent, path, methods } = LINE.exec(line)!.groups as { indent: string; path: string; methods?: string };
    const depth = indent.length / 4;
    above.splice(depth, Infinity, path);
    for (const method of methods?.split(', ') ?? []) routes.push(`${method} ${above.join('')}`);
  }
  return routes.sort();
}
