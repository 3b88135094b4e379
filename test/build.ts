import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './agentobs.ts';

/** Tests run the built program: builds it again when a source is newer than what was built. */
export default function build(): void {
  const built = join(root, 'dist/cli/main.js');
  if (existsSync(built) && newest(join(root, 'src')) < statSync(built).mtimeMs) return;
  execFileSync(process.execPath, [join(root, 'scripts/build.js')], { cwd: root, stdio: 'inherit' });
}

function newest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Math.max(...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}
