import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether Prometheus' own tool is there to be asked. */
export const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

/** What `promtool check rules` says of each expression: the message, or undefined where it accepts. */
export function faultsByPromtool(expressions: readonly string[]): (string | undefined)[] {
  const folder = mkdtempSync(join(tmpdir(), 'agentobs-promtool-'));
  try {
    const file = join(folder, 'rules.yml');
    const groups = expressions.map((expr, index) => ({ name: `g${index}`, rules: [{ record: 'x', expr }] }));
    // JSON is YAML, except for what YAML does not want to see in a document.
    const yaml = JSON.stringify({ groups }).replaceAll(
      /[\x7f-\x9f\ufffe\uffff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    writeFileSync(file, yaml);
    const { stderr } = spawnSync('promtool', ['check', 'rules', file], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    const faults: (string | undefined)[] = expressions.map(() => undefined);
    const [, ...messages] = stderr.split(/^.*?: group "g(?=\d+", rule 1, "x": )/m);
    for (const message of messages) {
      const index = Number.parseInt(message, 10);
      // Prometheus 2.42 prints the number of the token where it lacks a name for it; later versions have one.
      const named = message.replace(/"<Item [0-9]+>" /g, '');
      faults[index] = named.slice(named.indexOf('expression: ') + 'expression: '.length).trimEnd();
    }
    return faults;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
