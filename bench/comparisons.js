import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { costLines, slowestAnswer, slowestLines } from './check.js';
import { DATA, isThere } from './corpora.js';
import { times } from './judge.js';
import { median, node, program } from './measure.js';
import { grid } from './table.js';

// The same questions, asked of what one would use instead. Every answer is checked, as ours is.

const here = dirname(fileURLToPath(import.meta.url));
const script = (name) => join(here, 'contenders', name);

/** npm packages that others need: they stay out of the project's own dependencies. */
const TOOLS = join(DATA, 'tools');
const DUCKDB = { name: '@duckdb/node-api', version: '1.5.6-r.1' };

const duckdb = (form) => ({
  needs: hasDuckdb,
  command: (question, format, path) => node(script('duckdb.js'), TOOLS, question, format, form, path),
});
const python = (parser) => ({
  formats: ['lines', 'flat'],
  needs: () => hasPython(parser),
  command: (question, format, path) =>
    program('python3', script('python.py'), parser, question, format, path),
});

/** Whom we are compared with. `slow` ones get a tenth of the corpus, and so do we beside them. */
const CONTENDERS = {
  'DuckDB, transformed': duckdb('transform'),
  'DuckDB, columns told': duckdb('columns'),
  'DuckDB, `read_json_auto`': duckdb('auto'),
  'Node, `readline` and `JSON.parse`': {
    formats: ['lines', 'flat'],
    needs: () => undefined,
    command: (question, format, path) => node(script('line-reader.js'), question, format, path),
  },
  'Python, `orjson`': python('orjson'),
  'Python, `json`': python('json'),
  jq: {
    slow: true,
    formats: ['lines'],
    needs: () => (isThere('jq') ? undefined : 'jq is not installed'),
    command: (question, _format, path) => program('jq', '-nrf', script(`${question}.jq`), path),
  },
  Miller: {
    slow: true,
    formats: ['flat'],
    needs: () => (isThere('mlr') ? undefined : 'Miller is not installed'),
    command: (_question, _format, path) =>
      program('mlr', '--ijsonl', '--ojsonl', '--from', path, 'put', '-q', '-f', script('cost.mlr')),
  },
};

/** Installs what npm has; says nothing about what comes with the system. */
export function installTools(say) {
  const manifest = join(TOOLS, 'node_modules', DUCKDB.name, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === DUCKDB.version) return;
  say(`installing ${DUCKDB.name} ${DUCKDB.version}`);
  mkdirSync(TOOLS, { recursive: true });
  writeFileSync(join(TOOLS, 'package.json'), '{"private":true}\n');
  try {
    const args = ['install', '--no-audit', '--no-fund', '--silent', `${DUCKDB.name}@${DUCKDB.version}`];
    execFileSync('npm', args, { cwd: TOOLS, stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (error) {
    say(`${DUCKDB.name} could not be installed: ${error.message}`);
  }
}

function hasDuckdb() {
  return existsSync(join(TOOLS, 'node_modules', DUCKDB.name)) ? undefined : 'DuckDB is not installed';
}

function hasPython(parser) {
  try {
    execFileSync('python3', ['-c', `import ${parser}`], { stdio: 'ignore' });
    return undefined;
  } catch (error) {
    return error.code === 'ENOENT' ? 'Python is not installed' : `Python has no ${parser}`;
  }
}

const QUESTIONS = {
  cost: { name: '`cost --by user`', check: costLines },
  slowest: { name: '`trace list --pick slowest`', check: slowestLines },
};
const FORMAT_NAMES = { lines: 'OTLP JSON lines', document: 'one giant document', flat: 'flat JSON lines' };

function comparison(question, format, { goal, slow = false }) {
  const contenders = Object.entries(CONTENDERS).filter(
    ([, contender]) => (contender.slow ?? false) === slow && (contender.formats?.includes(format) ?? true),
  );
  return {
    key: `${slow ? 'slow' : 'compare'}-${question}-${format}`,
    asks: `${QUESTIONS[question].name}, ${FORMAT_NAMES[format]}, against ${slow ? contenders.map(([name]) => name).join(', ') : 'DuckDB'}`,
    goal: goal === undefined ? undefined : `≥ ${goal}× as fast`,
    prepare: ({ megabytes, agentobs, corpusOf, cost }) => {
      const data = corpusOf({ megabytes: slow ? megabytes / 10 : megabytes, format });
      const ours =
        question === 'cost'
          ? cost(data)
          : {
              command: agentobs('trace', 'list', '--pick', 'slowest', data.path),
              check: slowestAnswer(data.truth),
            };
      const there = contenders.filter(([, { needs }]) => needs() === undefined);
      if (there.length === 0) return { missing: contenders.map(([, { needs }]) => needs()).join(', ') };
      const sides = there.map(([name, { command }]) => [
        name,
        {
          command: command(question, format, data.path),
          check: QUESTIONS[question].check(data.truth),
          mayFail: true,
        },
      ]);
      return { sides: { ours, ...Object.fromEntries(sides) }, judge: fastestBeaten(goal) };
    },
  };
}

/** How many times as long the fastest form of DuckDB takes, or whoever there is where it is not. */
const fastestBeaten = (goal) => (samples) => {
  const { ours, ...others } = samples;
  const duck = Object.keys(others).filter((name) => name.startsWith('DuckDB'));
  const asked = duck.length > 0 ? duck : Object.keys(others);
  const ratios = asked.map((name) => ratioTo(ours, others[name])).filter((ratio) => ratio !== undefined);
  if (ratios.length === 0) return { figure: 'no answer to compare with' };
  const value = Math.min(...ratios);
  return { value, figure: times(value), met: goal === undefined ? undefined : value >= goal };
};

function ratioTo(ours, theirs) {
  return theirs.length === ours.length
    ? median(theirs.map(({ seconds }, round) => seconds / ours[round].seconds))
    : undefined;
}

export const COMPARISONS = [
  comparison('cost', 'lines', { goal: 4 }),
  comparison('slowest', 'lines', { goal: 2 }),
  comparison('cost', 'document', {}),
  comparison('cost', 'flat', { goal: 1 }),
  comparison('cost', 'lines', { slow: true }),
  comparison('slowest', 'lines', { slow: true }),
  comparison('cost', 'flat', { slow: true }),
];

/** Who took how many times as long as we did, and at what peak of memory: a table with a column for each comparison. */
export function contenderTable(results) {
  const columns = [
    ['cost, lines', 'cost-lines'],
    ['slowest, lines', 'slowest-lines'],
    ['cost, document', 'cost-document'],
    ['cost, flat lines', 'cost-flat'],
  ];
  const rows = Object.entries(CONTENDERS).map(([name, contender]) => {
    const missing = contender.needs();
    const cells = columns.map(([, key]) => {
      const result = results.find(
        (candidate) => candidate.key === `${contender.slow ? 'slow' : 'compare'}-${key}`,
      );
      return missing ?? cell(result, name);
    });
    return [name, ...cells];
  });
  return grid(['time / agentobs (peak MB)', ...columns.map(([title]) => title)], rows);
}

function cell(result, name) {
  const { samples, failures } = result ?? {};
  if (failures?.[name] !== undefined) return 'failed';
  const theirs = samples?.[name];
  if (theirs === undefined) return '';
  const peaks = theirs.map(({ peakMegabytes }) => peakMegabytes).filter((peak) => peak !== undefined);
  const peak = peaks.length === 0 ? '' : ` (${Math.round(median(peaks))})`;
  return `${times(ratioTo(samples.ours, theirs))}${peak}`;
}
