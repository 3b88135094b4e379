// What most people write first, and the baseline of every measurement: lines from `readline`, each through JSON.parse.
//   node bench/contenders/line-reader.js cost|slowest lines|flat FILE
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const [question, format, path] = process.argv.slice(2);
const traces = new Map();

const traceOf = (id) => {
  let trace = traces.get(id);
  if (trace === undefined) {
    trace = {
      user: undefined,
      calls: 0,
      input: 0,
      output: 0,
      cost: 0,
      start: undefined,
      end: undefined,
      spans: 0,
    };
    traces.set(id, trace);
  }
  return trace;
};

function addCall(trace, isRoot, read) {
  if (isRoot) trace.user = read('user.id');
  const input = read('gen_ai.usage.input_tokens');
  if (input === undefined) return;
  trace.calls++;
  trace.input += Number(input);
  trace.output += Number(read('gen_ai.usage.output_tokens'));
  trace.cost += read('gen_ai.usage.cost');
}

/** Nanoseconds as text of one length: the order of text is that of time. */
function addTime(trace, start, end) {
  trace.spans++;
  if (trace.start === undefined || start < trace.start) trace.start = start;
  if (trace.end === undefined || end > trace.end) trace.end = end;
}

function addRequest(line) {
  for (const { scopeSpans } of JSON.parse(line).resourceSpans) {
    for (const { spans } of scopeSpans) {
      for (const span of spans) {
        const trace = traceOf(span.traceId);
        if (question === 'slowest') {
          addTime(trace, span.startTimeUnixNano, span.endTimeUnixNano);
          continue;
        }
        addCall(trace, !span.parentSpanId, (key) => {
          const value = span.attributes.find((attribute) => attribute.key === key)?.value;
          return value?.stringValue ?? value?.intValue ?? value?.doubleValue;
        });
      }
    }
  }
}

function addSpan(line) {
  const span = JSON.parse(line);
  const trace = traceOf(span.trace_id);
  if (question === 'cost') addCall(trace, span.parent_span_id === null, (key) => span.attributes[key]);
  // JSON.parse rounds nanoseconds.
  else
    addTime(trace, /"start_time_unix_nano":(\d+)/.exec(line)[1], /"end_time_unix_nano":(\d+)/.exec(line)[1]);
}

const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
for await (const line of lines) {
  if (format === 'lines') addRequest(line);
  else addSpan(line);
}

if (question === 'cost') {
  const users = new Map();
  for (const { user, calls, input, output, cost } of traces.values()) {
    const sums = users.get(user) ?? [0, 0, 0, 0];
    users.set(user, sums);
    for (const [index, value] of [calls, input, output, cost].entries()) sums[index] += value;
  }
  for (const [user, sums] of users) console.log([user, ...sums].join('\t'));
} else {
  const slowest = [...traces]
    .map(([id, { start, end, spans }]) => [id, Number(BigInt(end) - BigInt(start)), spans])
    .sort((a, b) => b[1] - a[1]);
  for (const row of slowest.slice(0, 10)) console.log(row.join('\t'));
}
