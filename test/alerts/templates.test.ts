import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expandTemplate, type TemplateData } from '../../src/alerts/index.ts';
import { templateFault } from '../../src/alerts/templates/index.ts';

const LABELS = new Map([
  ['__name__', 'm'],
  ['agent', 'ana lee'],
  ['host', 'db1.example.org:9090'],
  ['num', '1536'],
]);

/** Templates of an alert over `m{agent="ana lee",host="db1.example.org:9090",num="1536"}` of this value at 60 s. */
const CASES: readonly (readonly [value: number, template: string])[] = [
  ...[0, 1, -1, 0.1, 1 / 3, 1234567, 123456789012, 1e20, 1e21, 1.5e300, 1e-4, 1e-5, -2.5e-7].flatMap(
    (value) =>
      [
        '{{ $value }}',
        '{{ printf "%.2f|%g|%e|%v|%.3g|%8.1f|%-8.1f|%+.1f|%08.2f" $value $value $value $value $value $value $value $value $value }}',
        '{{ humanize $value }} {{ humanize1024 $value }} {{ humanizeDuration $value }} {{ humanizePercentage $value }}',
      ].map((template) => [value, template] as const),
  ),
  ...[0.5, 1.5, 2.5, 0.125, 0.375, 2.675, 1e22, 5e-324, 999.95, 99995, 0.99999].map(
    (value) =>
      [
        value,
        '{{ with $value }}{{ printf "%.0f|%.1f|%.2f|%.3f|%.1e|%.4g" . . . . . . }}{{ end }} {{ humanize $value }}',
      ] as const,
  ),
  ...[59, 60, 61.9, 3600, 86400, 90061, -90061, 0.001, 0.0000015].map(
    (value) => [value, '{{ humanizeDuration $value }}'] as const,
  ),
  [
    5,
    '{{ $labels.agent | toUpper }} {{ title $labels.agent }} {{ .Labels.host | stripPort }} {{ stripDomain .Labels.host }}',
  ],
  [5, '{{ $labels.missing }}|{{ .Labels.missing }}|{{ index $labels "agent" }}|{{ index $labels "none" }}'],
  [5, '{{ $labels }} {{ .Value }} {{ len $labels.agent }} {{ len $labels }}'],
  [5, '{{ if gt $value 4.0 }}high{{ else if gt $value 2.0 }}mid{{ else }}low{{ end }}'],
  [3, '{{ if gt $value 4.0 }}high{{ else if gt $value 2.0 }}mid{{ else }}low{{ end }}'],
  [1, '{{ if gt $value 4.0 }}high{{ else if gt $value 2.0 }}mid{{ else }}low{{ end }}'],
  [5, '{{ if gt $value 4 }}high{{ end }}'],
  [
    5,
    '{{ $value | printf "%d" }} {{ printf "%s" $value }} {{ printf "%d %5d|%-5d|%05d|%x" 42 42 42 42 255 }} {{ printf "%.2f" 5 }}',
  ],
  [
    5,
    '{{ printf "%d" }} {{ printf "%d" 1 2 }} {{ printf "%s %q %v %10s|%-10s|%.2s" "a" "b\\"c" "d" "e" "f" "ghi" }} {{ printf "%t" true }} {{ printf "%%" }} {{ printf "%T %T %T" $value 1 "x" }}',
  ],
  [
    5,
    '{{ humanize $labels.num }} {{ humanize1024 $labels.num }} {{ humanizeTimestamp 1435065584.128 }} {{ humanizeTimestamp $value }}',
  ],
  [
    1700000000.123,
    '{{ humanizeTimestamp $value }} {{ humanizeTimestamp 1.001 }} {{ humanizeTimestamp -1.5 }} {{ toTime $value }} {{ humanizeTimestamp 9223372036.854775807 }}',
  ],
  [5, '{{ humanizeTimestamp 1e10 }}'],
  [5, '{{ toTime -1e11 }}'],
  ...['NaN', '-Inf', '-0'].map(
    (number) =>
      [
        5,
        `{{ with query "vector(${number})" | first | value }}{{ printf "%08.2f|%-8.1f|%+.1f" . . . }} {{ humanizeDuration . }}{{ end }}`,
      ] as const,
  ),
  [5, '{{ first (query "m") }} {{ query "m" | first | print }}'],
  [5, '{{ printf "%*d|%-*d|%.*f|%*.*f|" 5 1 4 2 1 $value 8 2 $value }}'],
  [5, '{{ humanize $labels.agent }}'],
  [5, '{{ $labels.agent | humanize }}'],
  [5, '{{ $labels.agent.x }}'],
  [5, '{{ .Foo }}'],
  [5, '{{ $value.x }}'],
  [
    5,
    '{{ match "a.*" $labels.agent }} {{ match "^z" $labels.agent }} {{ reReplaceAll "(a)(n)" "$2$1" $labels.agent }} {{ reReplaceAll "(?P<x>e+)" "<$x>" $labels.agent }} {{ reReplaceAll "a" "$1x" $labels.agent }}',
  ],
  [
    5,
    '{{ query "m" | first | value }} {{ with query "m" }}{{ . | first | label "agent" }}{{ end }} {{ query "sum(m)" | first | value }}',
  ],
  [5, '{{ query "nothing" | first | value }}'],
  [5, '{{ query "foo(" | first | value }}'],
  [
    5,
    '{{ range query "m" }}{{ .Labels.agent }}={{ .Value }};{{ end }}{{ range query "nothing" }}x{{ else }}none{{ end }}',
  ],
  [5, '{{ range $i, $e := query "m" }}{{ $i }}:{{ $e.Value }}{{ end }}'],
  [5, '{{ range $k, $v := $labels }}{{ $k }}={{ $v }},{{ end }}'],
  [
    5,
    '{{ range $k, $v := $labels }}{{ if eq $k "host" }}{{ continue }}{{ end }}{{ if eq $k "num" }}{{ break }}{{ end }}{{ $k }}{{ end }}',
  ],
  [
    5,
    '{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }} {{ $y := "a" }}{{ with "b" }}{{ $y := . }}{{ $y }}{{ end }}{{ $y }}',
  ],
  [5, 'a {{- " b " -}} c {{/* comment */}}d {{- /* x */ -}} e'],
  [
    5,
    '{{ and true "" }}|{{ or "" "x" }}|{{ not true }}|{{ and 1 2 }}|{{ or 0 3 }}|{{ eq 1 2 1 }}|{{ ne "a" "b" }}|{{ lt 1 2 }}|{{ le 2 2 }}|{{ ge 1.5 2.5 }}',
  ],
  [5, '{{ with $x := $labels.agent }}{{ $x }}{{ end }}{{ with $labels.none }}no{{ else }}yes{{ end }}'],
  [5, '{{ define "t" }}[{{ . }}]{{ end }}{{ template "t" $value }}{{ template "t" "x" }}'],
  [5, '{{ block "b" $value }}<{{ . }}>{{ end }}'],
  [5, '{{ args 1 "b" }} {{ (args 1 "b").arg1 }}'],
  [
    5,
    '{{ print 1 2 "a" "b" 3 }} {{ println "x" }}{{ html "<a&b>" }} {{ urlquery "a b&c" }} {{ js "it\'s" }}',
  ],
  [5, '{{ len "é" }} {{ index "abc" 1 }} {{ slice "abcdef" 1 3 }}'],
  [5, '{{ 1.50 }} {{ 0x1F }} {{ 1e3 }} {{ \'a\' }} {{ `raw` }} {{ "q\\tq" }} {{ true }}'],
  [5, '{{ nil }}'],
  [5, '{{ humanize }}'],
  [5, '{{ humanize 1 2 }}'],
  [5, '{{ toUpper 1 }}'],
  [5, '{{ template "nope" }}'],
  [5, '{{ range $value }}x{{ end }}'],
  [5, 'line one\n{{ humanize $labels.agent }}'],
  [5, '{{ graphLink "up > 1" }} {{ tableLink "up" }}'],
  [5, '{{ sortByLabel "agent" (query "m") | first | value }}'],
  [5, '{{ parseDuration "1h30m" }}'],
  [5, '{{ $externalLabels.a }}{{ $externalURL }}'],
  [5, '{{ "x" | printf "%s-%s" "y" }} {{ printf "%s" (printf "%d" 3) }}'],
  [5, '{{ index $labels 1 }}'],
  [5, '{{ first (query "nothing") }}'],
  [5, '{{ $labels.agent | match "ana" }}'],
  [5, '{{ printf "%v %v" $labels true }}'],
  [5, '{{ lt $labels.agent "b" }} {{ eq $value 5.0 }} {{ eq $labels.agent $value }}'],
  [5, '{{ reReplaceAll "(" "" "x" }}'],
];

const FAULTS = [
  '{{',
  '{{ $labels.agent',
  '{{ foo }}',
  '{{ if }}x{{ end }}',
  '{{ if true }}x',
  '{{ end }}',
  '{{ else }}',
  '{{ $nope }}',
  '{{ "abc }}',
  '{{ ( 1 }}',
  '{{ 1 ) }}',
  '{{ | 1 }}',
  '{{ 1 | }}',
  '{{ 1 | 2 }}',
  '{{ range }}{{ end }}',
  '{{ break }}',
  '{{ template }}',
  '{{/* x }}',
  '{{ # }}',
  '{{ 1x }}',
  '{{ $labels. }}',
  '{{ .a.b. }}',
  '{{ with $x := 1 }}{{ end }}{{ $x }}',
  'a\nb {{ nope }}',
  '{{ if 1 }}{{ else }}{{ else }}{{ end }}',
  '{{}}',
  '{{ $a, $b := 1 }}',
  '{{ : }}',
  '{{ printf "%d" 1 "}}',
  '{{ end if }}',
];

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;

function data(value: number): TemplateData {
  const sample = { labels: LABELS, value };
  return {
    name: '__alert_T',
    labels: LABELS,
    value,
    externalLabels: new Map(),
    externalUrl: '',
    time: 60_000,
    query: (text) => {
      if (text === 'm') return [sample];
      if (text === 'sum(m)') return [{ labels: new Map(), value }];
      const number = /^vector\((.*)\)$/.exec(text)?.[1]?.replace('Inf', 'Infinity');
      if (number !== undefined) return [{ labels: new Map(), value: Number(number) }];
      if (text === 'foo(') throw new Error('1:5: parse error: unclosed left parenthesis');
      return [];
    },
  };
}

describe.skipIf(!hasPromtool)('templates against promtool', () => {
  it('expands what promtool expands, into the same text', () => {
    const folder = mkdtempSync(join(tmpdir(), 'templates-'));
    try {
      const wrong = CASES.flatMap(([value, template], index) => {
        const ours = expandTemplate(template, data(value));
        const annotations = { a: template };
        const labels = { i: String(index) };
        const rules = { groups: [{ name: 'g', rules: [{ alert: 'T', expr: 'm', labels, annotations }] }] };
        writeFileSync(join(folder, `rules${index}.yml`), JSON.stringify(rules));
        return [{ index, value, template, ours }];
      });
      const tests = wrong.map(({ index, value, ours }) => ({
        file: `test${index}.yml`,
        body: {
          rule_files: [`rules${index}.yml`],
          evaluation_interval: '1m',
          tests: [
            {
              interval: '1m',
              input_series: [
                { series: 'm{agent="ana lee",host="db1.example.org:9090",num="1536"}', values: `${value}x2` },
              ],
              alert_rule_test: [
                {
                  eval_time: '1m',
                  alertname: 'T',
                  exp_alerts: [
                    {
                      exp_labels: {
                        agent: 'ana lee',
                        host: 'db1.example.org:9090',
                        num: '1536',
                        i: String(index),
                      },
                      exp_annotations: { a: ours },
                    },
                  ],
                },
              ],
            },
          ],
        },
      }));
      for (const { file, body } of tests) writeFileSync(join(folder, file), JSON.stringify(body));
      const run = spawnSync('promtool', ['test', 'rules', ...tests.map(({ file }) => file)], { cwd: folder });
      expect(
        `${run.stdout}${run.stderr}`.split('Unit Testing: ').filter((part) => part.includes('FAILED')),
      ).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});

describe.skipIf(!hasPromtool)('faults of templates against promtool', () => {
  it('finds what promtool finds, in the same words', () => {
    const folder = mkdtempSync(join(tmpdir(), 'templates-'));
    try {
      const rules = FAULTS.map((template) => ({ alert: 'T', expr: 'm', annotations: { a: template } }));
      writeFileSync(join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'g', rules }] }));
      const { stderr } = spawnSync('promtool', ['check', 'rules', 'rules.yml'], { cwd: folder });
      const found = [...String(stderr).matchAll(/rule (\d+), "T": annotation "a": (.*)/g)];
      const theirs = new Map(found.map(([, rule, message]) => [Number(rule), message]));
      const ours = FAULTS.flatMap((template, index) => {
        const fault = templateFault(template, '__alert_T');
        return fault === undefined ? [] : [[index + 1, fault] as const];
      });
      expect(new Map(ours)).toEqual(theirs);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
