// The goals again, with everybody else: DuckDB, jq, Miller, Python and a plain Node script get the same questions on the same
// corpora, interleaved with our answers. What npm has is installed into perf-data/tools; what is not there is said and skipped.
//
//   npm run bench:compare                              100 MB, 3 runs
//   npm run bench:compare -- --mb 1000 --runs 5 --json figures.json
//   npm run bench:compare -- --rows compare-cost-lines
import { COMPARISONS, contenderTable, installTools } from './comparisons.js';
import { ROWS } from './rows.js';
import { benchOf, optionsOf, selected, writeJson } from './settings.js';
import { markdown, measureRows } from './table.js';

const say = (text) => console.error(text);
const options = optionsOf();
const rows = selected([...COMPARISONS, ...ROWS], options.rows);
const bench = benchOf(options);
installTools(say);
const results = await measureRows(rows, bench, options.runs, say);
console.log(
  `\n${bench.described}, ${options.runs} runs\n\n${markdown(results)}\n\n${contenderTable(results)}`,
);
writeJson(options, bench, results);
if (results.some(({ failed }) => failed)) process.exitCode = 1;
