// Writes .env.example and the table in docs/configuration.md from the schema of the variables.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tools } from './bundle/tools.mjs';
import { root } from './prepare.mjs';

const { configurationTable, envExample } = await tools();
writeFileSync(path.join(root, '.env.example'), envExample());
const page = path.join(root, 'docs', 'configuration.md');
const text = readFileSync(page, 'utf8');
const table = /(<!-- table:begin[^>]*-->\n)[^]*(<!-- table:end -->)/;
writeFileSync(
  page,
  text.replace(table, (_, begin, end) => `${begin}\n${configurationTable()}\n\n${end}`),
);
