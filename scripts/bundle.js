// bundle.js MODULES DIST: makes a few CommonJS files in DIST/cli of the compiler's modules and the packages they use, so that
// nothing has to be looked for in `node_modules` and a command loads what it needs; and writes what `--help` says beside them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [modules, dist] = process.argv.slice(2).map((folder) => resolve(folder));

const LATE_MODULES =
  /^let (node_\w+) = require\("(node:(?:crypto|fs\/promises|os|timers\/promises|tty|worker_threads|zlib))"\);\n(?:\1 = .*__toESM\(\1, 1\);\n)?/gm;

const GETTER =
  /^Object\.defineProperty\(exports, "([\w$]+)", \{\s+enumerable: true,\s+get: function\(\) \{\s+return ([\w$]+);\s+\}\s+\}\);$/gm;

/**
 * What is loaded together, for a file costs more than a function that is not called: what starts every command, what writes an
 * answer, what prices, what reads telemetry, and what finds critical paths. Everything else goes with the commands that need
 * it, or is loaded when it is asked for.
 */
const GROUPS = [
  {
    name: 'program',
    test: either(
      /commander|rolldown[\\/]runtime/,
      room('model', 'errors\\.'),
      room('cli', '(?:failure|options|help|program|usage[\\\\/]index)\\.'),
    ),
    priority: 4,
  },
  {
    name: 'table',
    test: either(
      room('model', '(?:nearest|summary|units)\\.'),
      room('rollup', '(?:where|window)\\.'),
      room('render', '(?:cells|exact|format|index|notes|options|paint|rows|table|text|wrap)\\.'),
      room('cli', '(?:output|settings|terminal|values)\\.'),
    ),
    priority: 3,
  },
  {
    name: 'pricing',
    test: either(
      room('model', '(?:bedrock|flags|step-name|trace-ranges)\\.'),
      room('pricing', '(?!views|sources)'),
      room('rollup', 'dimensions\\.'),
      room('analyses', '(?:figures|targets)\\.'),
      room(
        'cli',
        '(?:config|gate-settings|gate-values|price-(?:age|data|sources)|target-settings|yaml-file)\\.',
      ),
    ),
    priority: 3,
  },
  {
    name: 'telemetry',
    test: either(
      room(
        'input',
        '(?!decompress|scan|wasm-|requests|formats[\\\\/](?:otlp-proto(?!-head)|protobuf)|wire[\\\\/](?!tags|wire-lane)|thread/(?!worth))',
      ),
      room('normalize'),
      room('intake'),
      room('trace'),
      room('model'),
      room('rollup'),
      room('cli', '(?:answer|by-keys|completeness|read)\\.'),
      /[\\/](?:pipeline|details)\.js$/,
    ),
    priority: 2,
  },
  {
    name: 'path',
    test: room('analyses', '(?:timing|blocking|critical-path|bottleneck|path-spend|off-path|removable)\\.'),
    priority: 1,
  },
];

const { indexTables } = await import(pathToFileURL(join(modules, 'normalize/normalizer.js')));
const { knownFormats } = await import(pathToFileURL(join(modules, 'cli/known-formats.js')));
const known = [
  workedOut('./table-index.js', 'tableIndex', indexTables()),
  workedOut('../known-formats.js', 'knownFormats', knownFormats()),
];
const program = await written(
  { main: join(modules, 'cli/main.js'), reader: join(modules, 'input/thread/reader.js') },
  { chunkFileNames: nameOf, codeSplitting: { groups: GROUPS } },
);
// A thread that unpacks needs little, and is waited for: it has a file of its own.
const unpacker = await written(
  { unpacker: join(modules, 'input/thread/unpacker.js') },
  { codeSplitting: false },
);
writeFileSync(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
writeFileSync(
  join(dist, 'LICENSES.txt'),
  licences([...program, ...unpacker].flatMap(({ moduleIds }) => moduleIds)),
);

const { mainHelp } = await import(pathToFileURL(join(modules, 'cli/help.js')));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeFileSync(join(dist, 'help.txt'), mainHelp(version));

/** Writes the files that begin with these modules; what became of them. */
async function written(input, options) {
  const bundle = await rolldown({
    input,
    platform: 'node',
    // Nothing happens here because a module is loaded: whatever is not used stays out.
    treeshake: { moduleSideEffects: (id) => !id.startsWith(modules) },
    // What is imported late is at times in a file that is loaded anyway.
    checks: { ineffectiveDynamicImport: false },
    plugins: [
      late('chalk', 'exports.Chalk = function (...options) { return new (load().Chalk)(...options); };'),
      late('string-width', 'module.exports = (text) => load().default(text);'),
      withoutExecutables(),
      ...known,
    ],
  });
  const { output } = await bundle.write({
    dir: join(dist, 'cli'),
    format: 'cjs',
    dynamicImportInCjs: false,
    entryFileNames: '[name].js',
    comments: { legal: true, annotation: false, jsdoc: false },
    ...options,
  });
  await bundle.close();
  for (const { fileName, code } of output)
    writeFileSync(join(dist, 'cli', fileName), inAscii(fileName, flush(fileName, withValues(lazily(code)))));
  return output;
}

/** What is loaded by an import of its own is called after its module, or its package. */
function nameOf({ name, facadeModuleId }) {
  if (facadeModuleId === null) return `${name}.js`;
  const package_ = /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(facadeModuleId)?.[1];
  const path = package_ ?? relative(modules, facadeModuleId).replace(/\.js$/, '');
  return `${path.replace(/^cli[\\/]/, '').replaceAll(/[\\/]/g, '-')}.js`;
}

function room(name, files = '') {
  return new RegExp(`^${modules.replaceAll(/[.\\]/g, '\\$&')}[\\\\/]${name}[\\\\/]${files}`);
}

function either(...tests) {
  return new RegExp(tests.map(({ source }) => source).join('|'));
}

/**
 * A package whose code runs when it is first called: chalk looks for a terminal, string-width loads what ICU knows of
 * graphemes. Other packages' imports of it are left alone.
 */
function late(package_, stub) {
  const id = `\0late:${package_}`;
  return {
    name: id,
    resolveId: (asked, importer) => (asked === package_ && importer?.startsWith(modules) ? id : undefined),
    load: (asked) =>
      asked === id
        ? `exports.__esModule = true; const load = () => require(${JSON.stringify(pathOf(package_))}); ${stub}`
        : undefined,
  };
}

function pathOf(package_) {
  return fileURLToPath(import.meta.resolve(package_));
}

/** Commander can start programs for subcommands; every command here is a function. */
function withoutExecutables() {
  const id = '\0no-executables';
  return {
    name: id,
    resolveId: (asked, importer) =>
      asked === 'node:child_process' && importer?.includes('commander') ? id : undefined,
    load: (asked) => (asked === id ? 'export default {};' : undefined),
  };
}

/** A module that says what is known before anything is read: as text, parsed when it is asked for. */
function workedOut(module, name, answer) {
  const id = `\0${module}`;
  const text = JSON.stringify(JSON.stringify(answer));
  return {
    name: id,
    resolveId: (asked) => (asked === module ? id : undefined),
    load: (asked) =>
      asked === id ? `let answer; export const ${name} = () => (answer ??= JSON.parse(${text}));` : undefined,
  };
}

/** Node's modules that are not there when a process starts are loaded when something of theirs is used. */
function lazily(code) {
  // Nothing is taken from it here.
  const needed = code.replace(/^require\("\.\/rolldown-runtime\.js"\);\n/m, '');
  return [...needed.matchAll(LATE_MODULES)].reduce(
    (text, [lines, name, module]) =>
      text
        .replace(lines, '')
        .replace(new RegExp(`\\b${name}(?:\\.default)?\\b`, 'g'), `(require("${module}"))`),
    needed,
  );
}

/** What is exported as values instead of getters where it stays what it is: they take less time to make, and to read. */
function withValues(code) {
  const declared = code.matchAll(
    /^(?:const|(?:async )?function\*?|class|var(?= [\w$]+ = class\b)) ([\w$]+)/gm,
  );
  const constant = new Set([...declared].map(([, name]) => name));
  return code.replace(GETTER, (getter, name, local) =>
    constant.has(local) ? `exports.${name} = ${local};` : getter,
  );
}

/** The same code without indentation, which takes time to read. */
function flush(name, code) {
  JSON.stringify(parseAst(code), (_, node) => {
    if (node?.type === 'TemplateElement' && /\n\t/.test(node.value.raw))
      throw new Error(`${name}: a line in backticks begins with a tab`);
    return typeof node === 'bigint' ? undefined : node;
  });
  return code.replace(/^\t+/gm, '');
}

/** The same code in bytes that need no decoding. An escape means the same as the character everywhere but in `String.raw`. */
function inAscii(name, code) {
  if (/String\.raw`[^`]*[^\0-\x7f]/.test(code)) throw new Error(`${name}: String.raw of more than ASCII`);
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The licences of the packages that became part of the files. */
function licences(ids) {
  const folders = new Set();
  for (const id of ids) {
    const [, package_] = id.match(/^(.*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)/) ?? [];
    if (package_ !== undefined) folders.add(package_);
  }
  const texts = [...folders].map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name}: there is no licence in ${folder}`);
    return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  return `Packages that are part of agentobs, and their licences.\n\n${texts.sort().join(`\n${'-'.repeat(80)}\n\n`)}`;
}
