import { readFileSync } from 'node:fs';
import path from 'node:path';
import { configurationTable, envExample } from './document';

const root = path.join(__dirname, '../../../..');

describe('the documents made from the schema', () => {
  it('.env.example says what the schema says (npm run config:docs)', () => {
    expect(readFileSync(path.join(root, '.env.example'), 'utf8')).toBe(envExample());
  });

  it('docs/configuration.md holds the table of the schema (npm run config:docs)', () => {
    expect(readFileSync(path.join(root, 'docs/configuration.md'), 'utf8')).toContain(configurationTable());
  });
});
