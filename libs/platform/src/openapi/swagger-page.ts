import { readFile } from 'node:fs/promises';
import path from 'node:path';

interface Asset {
  type: string;
  content: string | Buffer;
}

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Peekaping API</title>
    <link rel="stylesheet" href="swagger-ui.css" />
    <link rel="icon" type="image/png" href="favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="swagger-ui-bundle.js"></script>
    <script src="start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({
  url: 'doc.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: true,
  validatorUrl: null,
});
`;

/** What the page may load; everything else below `/swagger/` does not exist. */
const FILES: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

export async function swaggerAsset(name: string): Promise<Asset | null> {
  if (name === 'index.html') return { type: 'text/html; charset=utf-8', content: PAGE };
  if (name === 'start.js') return { type: 'text/javascript; charset=utf-8', content: START };
  const type = FILES[name];
  if (!type) return null;
  const folder = path.dirname(require.resolve('swagger-ui-dist/package.json'));
  return { type, content: await readFile(path.join(folder, name)) };
}
