import type { Role } from '@app/platform';
import { NOBODY } from './wire';

/**
 * Every route of the server: who may, what they may show, and the status for those who may, asked for with ids that
 * nothing has and `{}` as body (see `SAMPLES` for others). `key` takes a token or an API key, `token` only a token.
 * A new route needs a line here; routes.e2e.spec.ts tries each line with everybody.
 */
const TABLE = `
GET    /api/v1/api-keys                             viewer    token  200
POST   /api/v1/api-keys                             viewer    token  400
GET    /api/v1/api-keys/config                      everyone  -      200
GET    /api/v1/api-keys/:id                         viewer    token  404
PUT    /api/v1/api-keys/:id                         viewer    token  404
DELETE /api/v1/api-keys/:id                         viewer    token  204

POST   /api/v1/auth/register                        everyone  -      400
POST   /api/v1/auth/login                           everyone  -      400
POST   /api/v1/auth/refresh                         everyone  -      400
POST   /api/v1/auth/logout                          viewer    token  200
GET    /api/v1/auth/me                              viewer    key    200
PUT    /api/v1/auth/password                        viewer    token  400
POST   /api/v1/auth/2fa/setup                       viewer    token  400
POST   /api/v1/auth/2fa/verify                      viewer    token  400
POST   /api/v1/auth/2fa/disable                     viewer    token  400

GET    /api/v1/audit                                admin     key    200

GET    /api/v1/badge/:monitorId/status              everyone  -      404
GET    /api/v1/badge/:monitorId/uptime              everyone  -      404
GET    /api/v1/badge/:monitorId/uptime/:duration    everyone  -      404
GET    /api/v1/badge/:monitorId/ping                everyone  -      404
GET    /api/v1/badge/:monitorId/ping/:duration      everyone  -      404
GET    /api/v1/badge/:monitorId/cert-exp            everyone  -      404
GET    /api/v1/badge/:monitorId/response            everyone  -      404

GET    /health                                      everyone  -      200
GET    /api/v1/health                               everyone  -      200
GET    /api/v1/health/ready                         everyone  -      200
GET    /api/v1/version                              everyone  -      200

GET    /api/v1/maintenances                         viewer    key    200
POST   /api/v1/maintenances                         editor    key    400
GET    /api/v1/maintenances/:id                     viewer    key    404
PUT    /api/v1/maintenances/:id                     editor    key    400
PATCH  /api/v1/maintenances/:id                     editor    key    404
DELETE /api/v1/maintenances/:id                     editor    key    200
PATCH  /api/v1/maintenances/:id/pause               editor    key    404
PATCH  /api/v1/maintenances/:id/resume              editor    key    404

GET    /api/v1/monitors                             viewer    key    200
POST   /api/v1/monitors                             editor    key    400
GET    /api/v1/monitors/batch                       viewer    key    400
GET    /api/v1/monitors/:id                         viewer    key    404
PUT    /api/v1/monitors/:id                         editor    key    400
PATCH  /api/v1/monitors/:id                         editor    key    404
DELETE /api/v1/monitors/:id                         editor    key    200
POST   /api/v1/monitors/:id/reset                   editor    key    404
GET    /api/v1/monitors/:id/heartbeats              viewer    key    200
GET    /api/v1/monitors/:id/stats/uptime            viewer    key    200
GET    /api/v1/monitors/:id/stats/points            viewer    key    400
GET    /api/v1/monitors/:id/tls                     viewer    key    404

GET    /api/v1/notification-channels                viewer    key    200
POST   /api/v1/notification-channels                editor    key    400
POST   /api/v1/notification-channels/test           editor    key    400
GET    /api/v1/notification-channels/:id            viewer    key    404
PUT    /api/v1/notification-channels/:id            editor    key    400
PATCH  /api/v1/notification-channels/:id            editor    key    404
DELETE /api/v1/notification-channels/:id            editor    key    200

GET    /api/v1/proxies                              viewer    key    200
POST   /api/v1/proxies                              editor    key    400
GET    /api/v1/proxies/:id                          viewer    key    404
PUT    /api/v1/proxies/:id                          editor    key    400
PATCH  /api/v1/proxies/:id                          editor    key    404
DELETE /api/v1/proxies/:id                          editor    key    200

GET    /api/v1/push/:token                          everyone  -      404
POST   /api/v1/push/:token                          everyone  -      404

GET    /api/v1/settings/key/:key                    viewer    key    404
PUT    /api/v1/settings/key/:key                    admin     key    400
DELETE /api/v1/settings/key/:key                    admin     key    200

GET    /api/v1/status-pages                         viewer    key    200
POST   /api/v1/status-pages                         editor    key    400
GET    /api/v1/status-pages/:id                     viewer    key    404
PATCH  /api/v1/status-pages/:id                     editor    key    404
DELETE /api/v1/status-pages/:id                     editor    key    200
GET    /api/v1/status-pages/slug/:slug              everyone  -      404
GET    /api/v1/status-pages/slug/:slug/monitors     everyone  -      404
GET    /api/v1/status-pages/slug/:slug/monitors/homepage everyone - 404
GET    /api/v1/status-pages/domain/:domain          everyone  -      404

GET    /api/v1/tags                                 viewer    key    200
POST   /api/v1/tags                                 editor    key    400
GET    /api/v1/tags/:id                             viewer    key    404
PUT    /api/v1/tags/:id                             editor    key    400
PATCH  /api/v1/tags/:id                             editor    key    404
DELETE /api/v1/tags/:id                             editor    key    200

GET    /api/v1/users                                admin     token  200
POST   /api/v1/users                                admin     token  400
GET    /api/v1/users/:id                            admin     token  404
PATCH  /api/v1/users/:id                            admin     token  404
DELETE /api/v1/users/:id                            admin     token  200

GET    /swagger/doc.json                            everyone  -      200
GET    *                                            everyone  -      200
POST   *                                            everyone  -      400
`;

/** Requests that are not what the path and `{}` make. Wildcards: the Swagger page, and Socket.IO. */
const SAMPLES: Record<string, { path?: string; body?: object }> = {
  'GET *': { path: '/swagger/index.html' },
  'POST *': { path: '/socket.io/' },
  'GET /api/v1/settings/key/:key': { path: '/api/v1/settings/key/NOTHING' },
  'PUT /api/v1/settings/key/:key': { path: '/api/v1/settings/key/NOTHING' },
  'DELETE /api/v1/settings/key/:key': { path: '/api/v1/settings/key/NOTHING' },
  'PUT /api/v1/api-keys/:id': { body: { name: 'x' } },
};

export interface Route {
  /** `GET /api/v1/tags/:id` */
  name: string;
  method: string;
  /** To ask for it. */
  path: string;
  body: object | undefined;
  allow: Role | 'everyone';
  takesKeys: boolean;
  /** For those who may. */
  status: number;
}

export const ROUTES: readonly Route[] = TABLE.split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [method, path, allow, shows, status] = line.split(/ +/) as [
      string,
      string,
      Role | 'everyone',
      string,
      string,
    ];
    const name = `${method} ${path}`;
    const sample = { path: path.replace(/:\w+/g, NOBODY), body: method === 'GET' ? undefined : {}, ...SAMPLES[name] };
    return { name, method, ...sample, allow, takesKeys: shows === 'key', status: Number(status) };
  });
