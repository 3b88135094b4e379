#!/usr/bin/env node
const { readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');

const words = process.argv.slice(2);
if (words.length !== 1 || !isToldAtOnce(words[0])) require('./load.js').load('main.js').main(words);

/** Tells what is only a text, for which nothing is loaded. Where it cannot be written, the program says what is to be said of that. */
function isToldAtOnce(word) {
  const folder = join(__dirname, '..');
  try {
    if (['--help', '-h', 'help'].includes(word)) writeSync(1, readFileSync(join(folder, 'dist/help.txt')));
    else if (['--version', '-V'].includes(word)) {
      const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      writeSync(1, `${version}\n`);
    } else return false;
    return true;
  } catch {
    return false;
  }
}
