import { interleaved, median } from './measure.js';

/**
 * Measures rows one after another, the sides of each in turn, and says how each one went. A row that fails, or whose answer is
 * wrong, says so and takes no other with it.
 */
export async function measureRows(rows, bench, runs, say) {
  const results = [];
  for (const row of rows) {
    const result = await measureRow(row, bench, runs);
    results.push(result);
    say(`${row.key}: ${result.figure}`);
    for (const [side, failure] of Object.entries(result.failures ?? {})) say(`  ${side}: ${failure}`);
  }
  return results;
}

async function measureRow({ key, asks, goal, prepare, repeat = 1 }, bench, runs) {
  const about = { key, asks, goal };
  try {
    const { sides, judge, missing } = await prepare(bench);
    if (missing !== undefined) return { ...about, figure: missing };
    const { samples, failures } = await interleaved(sides, runs * repeat);
    const peaks = samples.ours.map(({ peakMegabytes }) => peakMegabytes).filter((peak) => peak !== undefined);
    const peakMegabytes = peaks.length === 0 ? undefined : median(peaks);
    return { ...about, ...judge(samples), peakMegabytes, samples, failures };
  } catch (error) {
    return { ...about, figure: `failed: ${error.message.split('\n')[0]}`, met: false, failed: true };
  }
}

/** Results as a Markdown table. */
export function markdown(results) {
  const rows = results.map(({ asks, goal, figure, met, peakMegabytes }) => [
    asks,
    goal ?? '',
    figure,
    met === undefined ? '' : met ? 'yes' : 'not yet',
    peakMegabytes === undefined ? '' : String(Math.round(peakMegabytes)),
  ]);
  return grid(['what', 'goal', 'measured', 'reached', 'peak MB'], rows);
}

export function grid(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
