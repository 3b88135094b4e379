import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type DiffSide, traceDiff } from '../../analyses/trace-diff.ts';
import { chosenTraces } from '../../analyses/trace-list.ts';
import { findTrace, UserError } from '../../model/index.ts';
import type { Dataset } from '../../pipeline.ts';
import { answer, answerAll } from '../answer.ts';
import type { Session } from '../session.ts';
import type { Run } from '../usage/index.ts';
import { optionalCount, optionalShare } from '../values.ts';

/** Changed steps that people read; programs get all. */
const SHOWN = 40;

/** `agentobs trace diff`: what changed between two runs or two sets of runs. */
export const run: Run = (named, options, session) => {
  const compared = operands(named, session);
  const { names } = compared;
  const { format } = options;
  const forPeople = format === undefined || format === 'table' || format === 'markdown';
  const all = options['all'] === true;
  const asked = {
    names,
    tolerance: optionalShare('--tolerance', options['tolerance']),
    limit: optionalCount('--limit', options['limit']) ?? (forPeople && !all ? SHOWN : undefined),
    all,
  };
  if (compared.kind === 'sets') {
    return answerAll(
      names.map((name) => [name]),
      options,
      session,
      {
        emptyAnswer: true,
        each: (data) => data,
        ask: ([a, b], prices) => traceDiff(side(a!), side(b!), { ...asked, prices: prices.source }),
      },
    );
  }
  if (typeof options['trace'] === 'string') {
    throw new UserError(`--trace ${options['trace']}: two traces are named already`, {
      hint: 'Leave out --trace.',
    });
  }
  return answer(compared.inputs, options, session, {
    emptyAnswer: true,
    ask: (data, prices) => {
      const [a, b] = twoTraces(data, names);
      const sides = [side(data, a), side(data, b)] as const;
      return traceDiff(...sides, { ...asked, prices: prices.source });
    },
  });
};

type Operands = { readonly names: readonly [string, string] } & (
  | { readonly kind: 'sets' }
  | { readonly kind: 'traces'; readonly inputs: readonly string[] }
);

/** Two inputs, or two traces and their inputs: what is no file, folder or glob is a trace. */
function operands(named: readonly string[], session: Session): Operands {
  const { cwd } = session;
  const isInput = (name: string): boolean =>
    name === '-' || /[*?]/.test(name) || existsSync(resolve(cwd, name));
  const inputs = named.filter(isInput);
  const others = named.filter((name) => !isInput(name));
  const [first, second] = others;
  if (first !== undefined && second !== undefined && others.length === 2) {
    const path = others.find((name) => /[/\\]|\.[a-z]{2,6}$/i.test(name));
    if (path !== undefined) throw new UserError(`${path}: no such file or folder`);
    if (inputs.length === 0 && session.stdin.isTTY === true) {
      throw new UserError(`${first}, ${second}: no such files; and if they are traces, of which input?`, {
        hint: `agentobs trace diff ${first} ${second} run.jsonl`,
      });
    }
    return { kind: 'traces', names: [first, second], inputs };
  }
  if (others.length > 2) throw new UserError(`${others[2]}: no such file or folder`);
  if (first !== undefined) {
    throw new UserError(`${first}: no such file or folder`, {
      hint: 'Name two files or folders; or two traces, and then the input that has both.',
    });
  }
  const [a, b] = inputs;
  if (a === undefined || b === undefined) {
    throw new UserError(a === undefined ? 'what is to be compared?' : `what is ${a} to be compared with?`, {
      hint: 'agentobs trace diff before.jsonl after.jsonl, or two traces: agentobs trace diff 4bf92f35 a3ce929d run.jsonl',
    });
  }
  if (inputs.length > 2) {
    throw new UserError(`trace diff compares two, and here are ${inputs.length} inputs`, {
      hint: "Put each set into a folder, or quote the globs: 'before/*.jsonl' 'after/*.jsonl'",
    });
  }
  if (a === '-' && b === '-') throw new UserError('standard input can be read once: A and B are both -');
  return { kind: 'sets', names: [a, b] };
}

const side = (data: Dataset, trace?: number): DiffSide => {
  const traces = chosenTraces(data);
  return { data, traces: trace === undefined ? traces : traces.filter((one) => one === trace) };
};

function twoTraces(data: Dataset, names: readonly [string, string]): readonly [number, number] {
  const [a, b] = [traceNamed(data, names[0]), traceNamed(data, names[1])];
  if (a === b) {
    throw new UserError(`${names[0]} and ${names[1]} are the same trace: there is nothing to compare`);
  }
  return [a, b];
}

function traceNamed({ forest }: Dataset, name: string): number {
  const found = findTrace(forest, name, name);
  if (found !== undefined) return found;
  throw new UserError(`${name}: neither a file nor a trace of the input`, {
    hint: 'Which traces there are: agentobs trace list',
  });
}
