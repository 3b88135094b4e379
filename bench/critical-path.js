// How long does the critical path of one enormous trace take, in time of a processor? Puts the spans into a table as readers of
// rows do, links them, and asks for the path once, as a program does that has just been started. What is measured is the path
// alone, as sums by span; every instant of the root has to be in it.
//
//   node bench/critical-path.js --shape wide      one root with 300,000 children, one after the other
//   node bench/critical-path.js --shape deep      a chain of 200,000 spans
//   node bench/critical-path.js --shape parallel  300,000 children at once
import { parseArgs } from 'node:util';
import { criticalPath } from '../build/analyses/critical-path.js';
import { FLAG, ROW, ROW_WORDS, SpanTable } from '../build/model/index.js';
import { assemble } from '../build/trace/index.js';

const WIDE = 300_000;
const DEEP = 200_000;
const START = 1_750_000_000;
const MICRO = 1000;

/** Start and length in microseconds, and the parent, of the span with this number; 0 is the root. */
const SHAPES = {
  wide: { spans: WIDE + 1, span: (i) => (i === 0 ? [0, WIDE * 10] : [(i - 1) * 10, 9, 0]) },
  deep: { spans: DEEP, span: (i) => [i, 2 * (DEEP - i), i - 1] },
  parallel: {
    spans: WIDE + 1,
    span: (i) => (i === 0 ? [0, WIDE + 1] : [i % 1000, 1 + ((i * 7919) % (WIDE - 1000)), 0]),
  },
};

const { values } = parseArgs({ options: { shape: { type: 'string', default: 'wide' } } });
const shape = SHAPES[values.shape];
if (shape === undefined) throw new Error(`--shape is one of ${Object.keys(SHAPES).join(', ')}`);

const forest = assemble(tableOf(shape));
const before = process.cpuUsage();
const { own, length } = criticalPath(forest, 0);
const { user, system } = process.cpuUsage(before);
const sum = own.reduce((total, nanos) => total + nanos, 0);
if (sum !== length || length !== forest.duration(0)) throw new Error(`${sum} of ${forest.duration(0)} ns`);
console.log(JSON.stringify({ spans: forest.length, seconds: (user + system) / 1e6 }));

function tableOf({ spans, span }) {
  const table = new SpanTable();
  const profile = table.profile({
    name: 'execute_tool',
    kind: 'tool',
    status: 'unset',
    spanKind: 'internal',
    dialect: 'otel-genai',
    resource: { attributes: new Map() },
    half: undefined,
    attempt: undefined,
    text: {},
  });
  const words = new Uint32Array(ROW_WORDS);
  const doubles = new Float64Array(words.buffer);
  for (let i = 0; i < spans; i++) {
    const [from, length, parent] = span(i);
    words.set([0, 0, 0, 1], ROW.traceId);
    words.set([0, i + 1], ROW.spanId);
    words.set([0, parent === undefined || parent < 0 ? 0 : parent + 1], ROW.parentId);
    words[ROW.startSecond] = START + Math.floor(from / 1e6);
    words[ROW.startNano] = (from % 1e6) * MICRO;
    const flags = FLAG.hasStart | FLAG.hasEnd | (i === 0 ? 0 : FLAG.hasParent);
    doubles[ROW.duration / 2] = length * MICRO;
    table.pushRows({ words, doubles }, 0, Uint32Array.of(profile), Uint32Array.of(flags), 1);
  }
  return table;
}
