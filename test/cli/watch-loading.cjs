// Loaded before the program: writes to the file that LOADED_BY names which files of the package were read, with their sizes,
// and which of Node's own modules were loaded that are not there when a process starts.
const fs = require('node:fs');
const { dirname, relative } = require('node:path');

const root = dirname(dirname(__dirname));
const files = new Map();
const { readFileSync, writeFileSync } = fs;
fs.readFileSync = (path, ...rest) => {
  const content = readFileSync(path, ...rest);
  const name = relative(root, path instanceof URL ? path.pathname : String(path));
  if (/^(?:bin|dist)\b/.test(name)) files.set(name, content.length);
  return content;
};

const before = new Set(process.moduleLoadList);
process.on('exit', () => {
  const modules = process.moduleLoadList
    .filter((entry) => entry.startsWith('NativeModule ') && !before.has(entry))
    .map((entry) => entry.slice('NativeModule '.length))
    .filter((name) => !name.startsWith('internal/'));
  writeFileSync(process.env.LOADED_BY, JSON.stringify({ files: [...files], modules }));
});
