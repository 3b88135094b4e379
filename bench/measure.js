import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const GNU_TIME = '/usr/bin/time';
// Certificates that Node is told to read take longer than the rest of its start, and would flatter every ratio to it.
const ENVIRONMENT = { ...process.env, NODE_EXTRA_CA_CERTS: '', NO_COLOR: '1' };

/** A program of Node that says how much memory it needed. */
export const node = (...args) => ({
  file: process.execPath,
  args: ['--require', join(here, 'peak-memory.cjs'), ...args],
});

/** Any other program; its memory is known where GNU time is installed. */
export function program(file, ...args) {
  if (!existsSync(GNU_TIME)) return { file, args };
  return { file: GNU_TIME, args: ['--format=%M', file, ...args], peakOnStderr: true };
}

/** The same program with a file coming through a pipe. */
export const piped = (path, { file, args }) => ({
  file: 'sh',
  args: ['-c', 'cat "$0" | exec "$@"', path, file, ...args],
});

/**
 * Runs a program to its end: seconds on the wall, peak memory in megabytes where it is known, what it wrote.
 * Rejects when it fails.
 */
export function measure({ file, args, peakOnStderr = false }) {
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: ENVIRONMENT,
    });
    const said = ['', '', ''];
    for (const [index, stream] of [child.stdout, child.stderr, child.stdio[3]].entries()) {
      stream.setEncoding('utf8').on('data', (text) => {
        said[index] += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = Number(process.hrtime.bigint() - began) / 1e9;
      const [stdout, stderr, told] = said;
      const kilobytes = peakOnStderr ? stderr.trimEnd().split('\n').at(-1) : told;
      if (code !== 0)
        reject(new Error(`${file} ${args.join(' ')} ended with ${code}: ${stderr.slice(-2000)}`));
      else resolve({ seconds, peakMegabytes: Number(kilobytes) / 1024 || undefined, stdout });
    });
  });
}

/**
 * Runs several sides in turn, `rounds` times, so that a machine that grows slower does so for all of them.
 * Every answer is checked; what a check returns is kept as `told`. A side that may fail, and does, is left out from then on.
 */
export async function interleaved(sides, rounds) {
  const samples = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  const failures = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, { command, check, mayFail }] of Object.entries(sides)) {
      if (failures[name] !== undefined) continue;
      try {
        const { stdout, ...sample } = await measure(command);
        samples[name].push({ ...sample, told: check(stdout) });
      } catch (error) {
        if (mayFail !== true) throw error;
        failures[name] = error.message.split('\n')[0];
      }
    }
  }
  return { samples, failures };
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}
