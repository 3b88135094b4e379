// The questions of the comparison as SQL for DuckDB, in-process, in the forms that an expert would try and the one that most
// people write. Found in a folder of its own (bench/compare.js installs it), never among the project's dependencies.
//   node bench/contenders/duckdb.js MODULES cost|slowest lines|document|flat FORM FILE
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, question, format, form, path] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(join(modules, 'package.json'))('@duckdb/node-api');

const file = `'${path.replaceAll("'", "''")}'`;
const layout = format === 'document' ? 'unstructured' : 'newline_delimited';
const options = `format='${layout}'${format === 'document' ? ', maximum_object_size=4294967295' : ''}`;

/** Fields of a span that the question needs. */
const FIELDS = {
  cost: {
    attributes: {
      type: 'STRUCT("key" VARCHAR, "value" STRUCT(stringValue VARCHAR, intValue VARCHAR, doubleValue DOUBLE))[]',
      shape: [
        { key: 'VARCHAR', value: { stringValue: 'VARCHAR', intValue: 'BIGINT', doubleValue: 'DOUBLE' } },
      ],
    },
  },
  slowest: {
    startTimeUnixNano: { type: 'VARCHAR', shape: 'BIGINT' },
    endTimeUnixNano: { type: 'VARCHAR', shape: 'BIGINT' },
  },
}[question];

/** The same, of flat lines. */
const FLAT_COLUMNS = {
  cost: `parent_span_id: 'VARCHAR', attributes: 'STRUCT("user.id" VARCHAR, "gen_ai.usage.cost" DOUBLE, "gen_ai.usage.input_tokens" BIGINT, "gen_ai.usage.output_tokens" BIGINT)'`,
  slowest: `start_time_unix_nano: 'BIGINT', end_time_unix_nano: 'BIGINT'`,
}[question];

/** Rows `s`, one a span. */
const SPANS = {
  /** Raw documents, and one transformation to exactly what is needed. */
  transform: () => {
    const fields = Object.fromEntries(Object.entries(FIELDS).map(([name, { shape }]) => [name, shape]));
    const span = { traceId: 'VARCHAR', parentSpanId: 'VARCHAR', ...fields };
    const shape = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
    return `SELECT unnest(flatten(list_transform(j.resourceSpans, lambda r: flatten(list_transform(r.scopeSpans, lambda c: c.spans))))) AS s
      FROM (SELECT json_transform(json, '${shape}') AS j FROM read_json_objects(${file}, ${options}))`;
  },
  /** Columns told to the reader. */
  columns: () => {
    const fields = Object.entries(FIELDS).map(([name, { type }]) => `${name} ${type}`);
    const span = `STRUCT(traceId VARCHAR, parentSpanId VARCHAR, ${fields.join(', ')})`;
    return unnested(
      `read_json(${file}, ${options}, columns={resourceSpans: 'STRUCT(scopeSpans STRUCT(spans ${span}[])[])[]'})`,
    );
  },
  /** Columns guessed by the reader. */
  auto: () => unnested(`read_json_auto(${file}, ${options})`),
};

const unnested = (source) =>
  `SELECT unnest(c.spans) AS s FROM (SELECT unnest(r.scopeSpans) AS c FROM (SELECT unnest(resourceSpans) AS r FROM ${source}))`;

/** One row a span: trace, user of a root, tokens, cost; or trace, start, end. */
function facts() {
  if (format === 'flat') {
    const source =
      form === 'auto'
        ? `read_json_auto(${file}, ${options})`
        : `read_json(${file}, ${options}, columns={trace_id: 'VARCHAR', ${FLAT_COLUMNS}})`;
    return question === 'cost'
      ? `SELECT trace_id AS trace, CASE WHEN parent_span_id IS NULL THEN attributes."user.id" END AS "user",
           attributes."gen_ai.usage.input_tokens" AS input, attributes."gen_ai.usage.output_tokens" AS output,
           attributes."gen_ai.usage.cost" AS cost FROM ${source}`
      : `SELECT trace_id AS trace, start_time_unix_nano AS "start", end_time_unix_nano AS "end" FROM ${source}`;
  }
  const spans = `(${SPANS[form]()})`;
  if (question === 'slowest')
    return `SELECT s.traceId AS trace, s.startTimeUnixNano::BIGINT AS "start", s.endTimeUnixNano::BIGINT AS "end" FROM ${spans}`;
  const read = (key, type) => `list_filter(s.attributes, lambda a: a."key" = '${key}')[1]."value".${type}`;
  return `SELECT s.traceId AS trace, CASE WHEN coalesce(s.parentSpanId, '') = '' THEN ${read('user.id', 'stringValue')} END AS "user",
    ${read('gen_ai.usage.input_tokens', 'intValue')}::BIGINT AS input, ${read('gen_ai.usage.output_tokens', 'intValue')}::BIGINT AS output,
    ${read('gen_ai.usage.cost', 'doubleValue')} AS cost FROM ${spans}`;
}

const ANSWERS = {
  cost: () => `
    SELECT "user", sum(calls)::BIGINT, sum(input)::BIGINT, sum(output)::BIGINT, sum(cost)
    FROM (SELECT max("user") AS "user", count(input) AS calls, sum(input) AS input, sum(output) AS output, sum(cost) AS cost
      FROM (${facts()}) GROUP BY trace)
    GROUP BY "user" HAVING sum(calls) > 0`,
  slowest: () => `
    SELECT trace, max("end") - min("start") AS duration, count(*)
    FROM (${facts()}) GROUP BY trace ORDER BY duration DESC, trace LIMIT 10`,
};

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
await connection.run('SET preserve_insertion_order = false');
const result = await connection.runAndReadAll(ANSWERS[question]());
const lines = result.getRows().map((row) => `${row.join('\t')}\n`);
// Its threads would keep the process for a while.
process.stdout.write(lines.join(''), () => process.exit(0));
