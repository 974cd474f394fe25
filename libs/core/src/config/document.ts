import { ENV } from './env.schema';

const INTRO = `# Every variable that the server knows, with its default. Copy to .env in the folder from which you start it,
# and uncomment what you change. Variables of the process win over this file. Made by: npm run config:docs
`;

/** The text of `.env.example`. */
export function envExample(): string {
  const entries = Object.entries(ENV).map(([name, { fallback, doc }]) => `# ${doc}\n#${name}=${fallback}\n`);
  return [INTRO, ...entries].join('\n');
}

/** The table of variables in `docs/configuration.md`. */
export function configurationTable(): string {
  const rows = Object.entries(ENV).map(
    ([name, { fallback, doc }]) =>
      `| \`${name}\` | ${fallback === '' ? '(empty)' : `\`${fallback}\``} | ${doc.replaceAll('|', '\\|')} |`,
  );
  return ['| Variable | Default | Meaning |', '|---|---|---|', ...rows].join('\n');
}
