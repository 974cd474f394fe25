import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PingTool {
  /** Path of the program. */
  command: string;
  remove(): void;
}

/** A stand-in for the system's `ping`: a shell script with this body. Its parameters are `$1` and so on. */
export function makePingTool(script: string): PingTool {
  const folder = mkdtempSync(join(tmpdir(), 'ping-'));
  const command = join(folder, 'ping');
  writeFileSync(command, `#!/bin/sh\n${script}\n`);
  chmodSync(command, 0o755);
  return { command, remove: () => rmSync(folder, { recursive: true }) };
}
