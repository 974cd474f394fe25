import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';

export interface DocumentOptions {
  /** Our release. */
  version: string;
}

/** The API document, from the decorators of controllers and DTOs. */
export async function createApiDocument(app: NestFastifyApplication, options: DocumentOptions): Promise<OpenAPIObject> {
  const { DocumentBuilder, SwaggerModule } = await import('@nestjs/swagger');
  const config = new DocumentBuilder()
    .setTitle('Peekaping API')
    .setDescription('Uptime monitoring: monitors, heartbeats, statistics, notifications and their configuration.')
    .setVersion(options.version)
    .setOpenAPIVersion('3.0.3')
    .addSecurity('JwtAuth', {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'Access token of POST /api/v1/auth/login',
    })
    .addSecurity('ApiKeyAuth', {
      type: 'apiKey',
      in: 'header',
      name: 'X-API-Key',
      description: 'Key of POST /api/v1/api-keys, with its prefix pk_. Instead of a token, not in addition',
    })
    .build();
  return SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
}

/**
 * `/swagger/index.html` and `/swagger/doc.json`. The document and the page are made when somebody first asks:
 * most servers start thousands of times more often than anyone reads them.
 */
export function serveSwagger(app: NestFastifyApplication, options: DocumentOptions): void {
  const fastify = app.getHttpAdapter().getInstance();
  let json: Promise<string> | undefined;
  const document = () => (json ??= createApiDocument(app, options).then((it) => JSON.stringify(it)));
  fastify.get('/swagger/doc.json', async (_request, reply) => {
    return reply.type('application/json; charset=utf-8').send(await document());
  });
  fastify.get<{ Params: { '*': string } }>('/swagger/*', async (request, reply) => {
    const { swaggerAsset } = await import('./swagger-page');
    const asset = await swaggerAsset(request.params['*']);
    if (!asset) return reply.status(404).send({ message: 'Not found', data: null });
    return reply
      .type(asset.type)
      .header('content-security-policy', "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'")
      .send(asset.content);
  });
}
