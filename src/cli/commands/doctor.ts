import { doctor } from '../../analyses/doctor.ts';
import { CHECKS } from '../../analyses/doctor-checks.ts';
import { Observer } from '../../analyses/doctor-observer.ts';
import { type Report, SEVERITIES } from '../../model/index.ts';
import { ADVICE } from '../../normalize/advice/index.ts';
import { marksOf } from '../../normalize/marks.ts';
import { answer } from '../answer.ts';
import { list } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { choice } from '../values.ts';

/** A gate answered yes. */
const FOUND = 1;

/** `agentobs doctor`: what is missing from the telemetry, and what to add. */
export const run: Run = (inputs, options, session) => {
  const gates = gatesOf(list(options['failOn']));
  const observer = new Observer(marksOf);
  return answer(inputs, options, session, {
    checks: true,
    observe: observer.see,
    ask: (data) => doctor(data, observer, data.input, ADVICE),
    exitCode: (report) => (isHit(report, gates) ? FOUND : 0),
  });
};

/** `--fail-on warning,user_missing`: severities and ids of checks. */
function gatesOf(given: readonly string[]): readonly string[] {
  const known = [...SEVERITIES, ...CHECKS.map(({ id }) => id)];
  return given.flatMap((text) => text.split(',')).map((text) => choice('--fail-on', text.trim(), known));
}

/** A severity stands for itself and everything worse. */
function isHit({ checks }: Report, gates: readonly string[]): boolean {
  const least = SEVERITIES.findLastIndex((severity) => gates.includes(severity));
  return (checks?.checks ?? []).some(
    ({ id, severity, ok }) => ok === false && (gates.includes(id) || SEVERITIES.indexOf(severity) <= least),
  );
}
