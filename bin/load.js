// Loads a file of the built program. Beside the files stands what V8 compiled of them (`scripts/compile-code.js`): where it
// is of this very V8, little is left to be compiled. Elsewhere Node loads the files, and keeps what it compiles where it can.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const BEFORE = '(function (exports, require, module, __filename, __dirname) { ';
const AFTER = '\n})';

const program = join(__dirname, '../dist/cli');
const engine = `${process.platform}-${process.arch}-${process.versions.v8}`;
const compiledFolder = join(__dirname, '../dist/compiled', engine);

function load(name) {
  if (existsSync(compiledFolder)) return createLoader(program, compiledFolder).load(name);
  require('node:module').enableCompileCache?.();
  return require(join(program, name));
}

/** Loads CommonJS files of one folder, which need each other and what is built into Node; `scripts` are those loaded so far. */
function createLoader(folder, compiled) {
  const modules = new Map();
  const scripts = new Map();
  const load = (name) => {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const filename = join(folder, name);
    // The build leaves nothing but ASCII in them.
    const source = BEFORE + readFileSync(filename, 'latin1') + AFTER;
    const cachedData = compiled === undefined ? undefined : contentOf(join(compiled, `${name}c`));
    const script = new Script(source, { filename, columnOffset: -BEFORE.length, cachedData });
    scripts.set(name, script);
    const need = (other) => (other.startsWith('./') ? load(other.slice(2)) : require(other));
    script.runInThisContext()(module.exports, need, module, filename, folder);
    return module.exports;
  };
  return { load, scripts };
}

function contentOf(path) {
  return existsSync(path) ? readFileSync(path) : undefined;
}

module.exports = { compiledFolder, createLoader, load };
