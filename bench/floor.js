// What holds on any machine, however busy it is: reading a corpus with all that `cost` makes of it takes less time than
// splitting it into lines and parsing these. The goals are far higher (bench/run.js measures them); this is what fails
// when the fast way is lost altogether.
//
//   node bench/floor.js
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROWS } from './rows.js';
import { benchOf } from './settings.js';
import { markdown, measureRows } from './table.js';

const FLOOR = 1.5;
const [row] = ROWS.filter(({ key }) => key === 'cost');
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bench = benchOf({ mb: 200, seed: 1, program: join(root, 'bin/agentobs.js') });
const results = await measureRows([row], bench, 5, () => {});
const [{ value, failed }] = results;
console.log(markdown(results));
if (failed || !(value >= FLOOR)) {
  console.error(`less than ${FLOOR}× as fast as lines with JSON.parse`);
  process.exitCode = 1;
}
