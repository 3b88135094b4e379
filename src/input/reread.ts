import { closeSync, openSync } from 'node:fs';
import type { Projection, RowSink, SpanSink } from '../model/index.ts';
import type { Dispatcher } from './dispatch.ts';
import { FileFeed } from './feed.ts';
import { LineReader } from './lines.ts';
import type { Stretch } from './places.ts';
import { LIMITS } from './read-stream.ts';
import { RecordReader } from './records.ts';
import type { RowLane } from './row-lane.ts';
import { RowReader } from './row-reader.ts';
import { Tally } from './tally.ts';

/** What reads one file again. */
export type Rereading = {
  readonly path: string;
  readonly source: string;
  readonly lane: RowLane;
  readonly sink: Pick<SpanSink, 'span' | 'warn' | 'skip'>;
  readonly projection: Projection;
  readonly dispatcherTo: (tally: Tally) => Dispatcher;
};

/** Reads the rows of a stretch again, one after another; false where something else stands there. */
export async function reread({ row, offset, line, rows }: Stretch, reading: Rereading): Promise<boolean> {
  const { source, sink, projection } = reading;
  let next = 0;
  let number = row;
  let intact = true;
  const isOver = (): boolean => next === rows.length || !intact;
  const picked: RowSink = {
    plan: reading.lane.sink.plan,
    from: () => (batch) => {
      for (let at = 0; at < batch.count && !isOver(); at++, number++) {
        if (number !== rows[next]) continue;
        const found = batch.read(at);
        if (found !== undefined) sink.span(found.span, found.at);
        next++;
      }
    },
    undo: (count) => {
      number -= count;
      if (next > 0 && rows[next - 1]! >= number) intact = false;
    },
  };
  const tally = new Tally({
    ...sink,
    span: (span, at) => {
      if (!isOver() && number++ === rows[next]) {
        sink.span(span, at);
        next++;
      }
    },
    log: () => undefined,
  });
  const file = openSync(reading.path, 'r');
  try {
    const dispatcher = reading.dispatcherTo(tally);
    const records = new RecordReader(dispatcher, LIMITS);
    const lines = new LineReader(records, LIMITS.split);
    lines.number = line;
    const lane = reading.lane.to(picked, projection);
    const { scanner } = await lane.open();
    await new RowReader({
      source,
      feed: new FileFeed(file, offset, () => undefined),
      offset,
      memory: scanner.window(lane.window),
      lines,
      records,
      dispatcher,
      tally,
      lane,
      total: undefined,
      isOver,
    }).read();
  } finally {
    closeSync(file);
  }
  return intact && next === rows.length;
}
