// Every goal of docs/performance.md, measured: whole processes, the sides of a row in turn, every answer checked against what
// the generator knows, medians, and a Markdown table in the end.
//
//   npm run bench                            100 MB, 3 runs of everything
//   npm run bench -- --mb 1000 --rows cost,document
//   npm run bench -- --program ../other/bin/agentobs.js --json other.json
import { ROWS } from './rows.js';
import { benchOf, optionsOf, selected, writeJson } from './settings.js';
import { markdown, measureRows } from './table.js';

const options = optionsOf();
const rows = selected(ROWS, options.rows);
const bench = benchOf(options);
const results = await measureRows(rows, bench, options.runs, (text) => console.error(text));
console.log(`\n${bench.described}, ${options.runs} runs\n\n${markdown(results)}`);
writeJson(options, bench, results);
if (results.some(({ failed }) => failed)) process.exitCode = 1;
