// Lets the built program answer some questions and keeps what V8 compiled for that, file by file, in `dist/compiled`. The
// program starts from there (`bin/load.js`) where it runs on the same V8.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { compiledFolder, createLoader } = createRequire(import.meta.url)('../bin/load.js');

/** What is asked most: functions that none of these need are compiled when they are called. */
const QUESTIONS = [
  ['cost', '--by', 'user,model'],
  ['cost', '--format', 'json'],
  ['trace', 'list'],
  ['trace', 'list', '--pick', 'slowest', '--format', 'json'],
  ['trace', 'show'],
  ['trace', 'show', '--format', 'json'],
  ['explain', '--pick', 'costliest'],
  ['doctor'],
  ['doctor', '--format', 'json'],
  ['bottlenecks'],
  ['bottlenecks', '--format', 'json'],
  ['bottlenecks', '--waste'],
  ['stats', '--by', 'tool'],
  ['stats', '--by', 'model', '--format', 'json'],
  ['trace', 'diff', 'fixtures/demo/deploy-app.log'],
  ['check', '--max-duration', '1h', '--max-errors', '9'],
].map((words) => [...words, 'fixtures/demo/team.jsonl']);
QUESTIONS.push(
  ['prices', 'show', 'gpt-4o'],
  ['prices', 'list', 'anthropic'],
  ['formats'],
  ['cost', '--help'],
);

// V8 would keep which functions were busy here, and make machine code of them as soon as they are called once.
setFlagsFromString('--no-sparkplug');
const loader = createLoader(join(root, 'dist/cli'));
const { runProgram } = await loader.load('main.js').loadProgram();
for (const words of QUESTIONS) {
  const said = [];
  const code = await runProgram([...words, '--no-config'], session(said), () => '');
  if (code !== 0) throw new Error(`agentobs ${words.join(' ')} ended with ${code}:\n${said.join('')}`);
}

// What is compiled is refused where the flags differ.
setFlagsFromString('--sparkplug');
const folder = `${compiledFolder}-${process.pid}`;
mkdirSync(folder, { recursive: true });
for (const [name, script] of loader.scripts)
  writeFileSync(join(folder, `${name}c`), script.createCachedData());
rmSync(compiledFolder, { recursive: true, force: true });
renameSync(folder, compiledFolder);

function session(said) {
  const stream = { isTTY: false, columns: undefined, once: () => undefined };
  return {
    env: { NO_COLOR: '1' },
    cwd: root,
    home: root,
    stdin: process.stdin,
    stdout: { ...stream, write: () => true },
    stderr: { ...stream, write: (text) => said.push(text) > 0 },
    interrupted: new AbortController().signal,
  };
}
