import type { CheckView, Report } from '../model/index.ts';
import { checksOf } from './checks.ts';
import { safeText } from './text.ts';

/**
 * Checks as a JUnit report, as CI systems read it: a test case each, a failure with its detail for what is wrong, skipped
 * for what could not be told. The form that most read: github.com/testmoapp/junitxml
 */
export function* renderJunit(report: Report): Iterable<string> {
  const { suite, checks } = checksOf(report);
  const failures = checks.filter(({ ok }) => ok === false).length;
  const skipped = checks.filter(({ ok }) => ok === null).length;
  const counts = `tests="${checks.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name=${quoted(suite)} ${counts}>\n  <testsuite name=${quoted(suite)} ${counts}>\n`;
  for (const check of checks) yield* testCase(suite, check);
  yield '  </testsuite>\n</testsuites>\n';
}

function* testCase(
  suite: string,
  { id, title, severity, ok, message, detail, at }: CheckView,
): Iterable<string> {
  const place = at === null ? '' : ` file=${quoted(at.source)} line="${at.line}"`;
  const head = `    <testcase classname=${quoted(suite)} name=${quoted(`${id}: ${title}`)}${place}`;
  if (ok === true) yield `${head}/>\n`;
  else if (ok === null) yield `${head}>\n      <skipped message=${quoted(message)}/>\n    </testcase>\n`;
  else {
    const where = at === null ? [] : [`first at ${at.source}:${at.line}`];
    const text = [message, ...where, ...detail].map(escaped).join('\n');
    yield `${head}>\n      <failure type=${quoted(severity)} message=${quoted(message)}>${text}</failure>\n    </testcase>\n`;
  }
}

const quoted = (text: string): string => `"${escaped(text)}"`;

const NAMES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

/** XML 1.0 has no place for controls and halves of surrogate pairs, not even escaped: they are written out before. */
const NONCHARACTERS = /[\ufffe\uffff]/g;

const escaped = (text: string): string =>
  safeText(text)
    .replace(NONCHARACTERS, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&${NAMES[character]};`);
