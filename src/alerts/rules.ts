import { didYouMean, type Labels } from '../model/index.ts';
import { type Expr, isLabelName, isMetricName, METRIC_NAME, parse, parseDuration } from '../promql/index.ts';
import type { Rule, RuleContext, RuleGroup, RulePath } from './rule.ts';
import { templateFault } from './templates/index.ts';

type Mapping = ReadonlyMap<unknown, unknown>;
type Fault = (message: string, at?: RulePath) => void;

const TOP_KEYS = ['groups'];
const GROUP_KEYS = ['name', 'interval', 'limit', 'query_offset', 'labels', 'rules'];
const RULE_KEYS = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];

/**
 * The groups of a rule file, read as YAML whose mappings are `Map` and whose scalars are texts. Every fault is told, with
 * the group and the rule it is in; what is faulty is left out of the answer.
 */
export function parseRules(
  top: unknown,
  context: RuleContext,
  { version }: { readonly version: 2 | 3 },
): RuleGroup[] {
  if (isNothing(top)) return [];
  const file = new RuleFile(context, version);
  return file.groups(top);
}

class RuleFile {
  readonly #context: RuleContext;
  readonly #version: 2 | 3;

  constructor(context: RuleContext, version: 2 | 3) {
    this.#context = context;
    this.#version = version;
  }

  groups(top: unknown): RuleGroup[] {
    const other = otherFile(top, this.#context.file);
    if (other !== undefined) {
      this.#context.fault(other.at, other.message);
      return [];
    }
    const file = this.#mapping(top, [], this.#faultAt([]), TOP_KEYS);
    const names = new Set<string>();
    return this.#list(file?.get('groups'), ['groups'], this.#faultAt(['groups'])).flatMap(([item, index]) => {
      const at: RulePath = ['groups', index];
      const group = this.#group(item, at);
      if (group === undefined) return [];
      if (group.name !== '' && names.has(group.name)) {
        this.#context.fault([...at, 'name'], `groupname: "${group.name}" is repeated in the same file`);
      }
      names.add(group.name);
      return [group];
    });
  }

  #group(item: unknown, at: RulePath): RuleGroup | undefined {
    const name = item instanceof Map ? text((item as Mapping).get('name')) : '';
    const place = `group "${name ?? ''}"`;
    const fault = this.#faultAt(at, place);
    // Prometheus 3 brought labels for whole groups.
    const keys = this.#version === 2 ? GROUP_KEYS.filter((key) => key !== 'labels') : GROUP_KEYS;
    const group = this.#mapping(item, at, fault, keys);
    if (group === undefined) return undefined;
    if (name === undefined || name === '') this.#context.fault(at, 'Groupname must not be empty');
    const interval = this.#duration(group, 'interval', at, fault);
    const limit = text(group.get('limit') ?? '0') ?? '';
    if (!/^[+-]?[0-9]{1,15}$/.test(limit)) {
      fault(`limit: "${limit}" is no whole number`, [...at, 'limit']);
    }
    const labels = this.#labels(group, 'labels', at, fault, 'label');
    const rules = this.#list(group.get('rules'), [...at, 'rules'], fault).flatMap(([rule, index], nth) => {
      const read = this.#rule(rule, [...at, 'rules', index], `${place}, rule ${nth + 1}`, labels);
      return read === undefined ? [] : [read];
    });
    return {
      name: name ?? '',
      file: this.#context.file,
      interval: interval === 0 ? undefined : interval,
      limit: Math.max(0, Number(limit)),
      queryOffset: this.#duration(group, 'query_offset', at, fault),
      rules,
    };
  }

  #rule(item: unknown, at: RulePath, where: string, groupLabels: Labels): Rule | undefined {
    const given = item instanceof Map ? (item as Mapping) : new Map<unknown, unknown>();
    const [record, alert] = [
      this.#written(given, 'record', at) ?? '',
      this.#written(given, 'alert', at) ?? '',
    ];
    const name = alert === '' ? record : alert;
    const fault = this.#faultAt(at, `${where}, "${name}"`);
    const rule = this.#mapping(item, at, fault, RULE_KEYS);
    if (rule === undefined) return undefined;
    const isRecord = record !== '';
    if (isRecord && alert !== '') fault("only one of 'record' and 'alert' must be set");
    if (!isRecord && alert === '') fault("one of 'record' or 'alert' must be set");
    const expr = this.#expression(rule, at, fault);
    const holds = this.#duration(rule, 'for', at, fault);
    const keepFiringFor = this.#duration(rule, 'keep_firing_for', at, fault);
    const labels = this.#labels(rule, 'labels', at, fault, 'label');
    const annotations = this.#labels(rule, 'annotations', at, fault, 'annotation');
    if (isRecord) this.#recordOnly(record, { annotations, holds, keepFiringFor }, at, fault);
    if (alert !== '') {
      for (const [kind, texts] of [['label', labels] as const, ['annotation', annotations] as const]) {
        for (const [key, value] of texts) {
          const wrong = templateFault(value, `__alert_${alert}`);
          if (wrong !== undefined) fault(`${kind} "${key}": ${wrong}`, [...at, `${kind}s`, key]);
        }
      }
    }
    if (expr === undefined) return undefined;
    const base = {
      name,
      expr: expr.tree,
      text: expr.text,
      labels: new Map([...groupLabels, ...labels]),
      place: { file: this.#context.file, line: this.#context.lineOf(at) },
    };
    if (alert === '') return { kind: 'record', ...base };
    return { kind: 'alert', ...base, for: holds, keepFiringFor, annotations };
  }

  #expression(
    rule: Mapping,
    at: RulePath,
    fault: Fault,
  ): { readonly tree: Expr; readonly text: string } | undefined {
    const expr = this.#written(rule, 'expr', at);
    if (expr === undefined || expr === '') {
      if (expr === '' || isNothing(rule.get('expr'))) fault("field 'expr' must be set in rule");
      else fault('expr: expected a text', [...at, 'expr']);
      return undefined;
    }
    try {
      return { tree: parse(expr, { version: this.#version }), text: expr };
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      fault(`could not parse expression: ${cause.message}`, [...at, 'expr']);
      return undefined;
    }
  }

  /** Prometheus 2 takes these fields as they are written: `alert: null` is an alert with that name. */
  #written(rule: Mapping, key: string, at: RulePath): string | undefined {
    const value = rule.get(key);
    return value === null && this.#version === 2 ? this.#context.writtenAt([...at, key]) : text(value);
  }

  #recordOnly(
    record: string,
    given: { readonly annotations: Labels; readonly holds: number; readonly keepFiringFor: number },
    at: RulePath,
    fault: Fault,
  ): void {
    const foreign = [
      ['annotations', given.annotations.size],
      ['for', given.holds],
      ['keep_firing_for', given.keepFiringFor],
    ] as const;
    for (const [key, amount] of foreign) {
      if (amount > 0) fault(`invalid field '${key}' in recording rule`, [...at, key]);
    }
    if (this.#version === 2 ? !isMetricName(record) : /[{}]/.test(record)) {
      const reason =
        this.#version === 2
          ? 'invalid recording rule name'
          : 'braces present in the recording rule name; should it be in expr?';
      fault(`${reason}: ${record}`, [...at, 'record']);
    }
  }

  #labels(
    within: Mapping,
    key: 'labels' | 'annotations',
    at: RulePath,
    fault: Fault,
    kind: 'label' | 'annotation',
  ): Labels {
    const found = new Map<string, string>();
    const given = within.get(key);
    if (isNothing(given)) return found;
    if (!(given instanceof Map)) {
      fault(`${key}: expected a mapping`, [...at, key]);
      return found;
    }
    for (const [rawName, rawValue] of given as Mapping) {
      const name = String(rawName);
      const value = isNothing(rawValue) ? '' : text(rawValue);
      const path = [...at, key, name];
      // The name of a metric is set by its rule alone.
      const isValid =
        (this.#version === 2 ? isLabelName(name) : name !== '') &&
        !(kind === 'label' && name === METRIC_NAME);
      if (!isValid) fault(`invalid ${kind} name: ${name}`, path);
      else if (value === undefined) fault(`${kind} "${name}": expected a text`, path);
      else found.set(name, value);
    }
    return found;
  }

  #duration(within: Mapping, key: string, at: RulePath, fault: Fault): number {
    const given = within.get(key);
    if (isNothing(given)) return 0;
    try {
      return parseDuration(text(given) ?? '');
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      fault(`${key}: ${cause.message}`, [...at, key]);
      return 0;
    }
  }

  #mapping(value: unknown, at: RulePath, fault: Fault, keys: readonly string[]): Mapping | undefined {
    if (!(value instanceof Map)) {
      fault(`expected a mapping with ${keys.join(', ')}`);
      return undefined;
    }
    for (const rawKey of (value as Mapping).keys()) {
      const key = String(rawKey);
      if (!keys.includes(key)) fault(`unknown key "${key}"${didYouMean(key, keys)}`, [...at, key]);
    }
    return value as Mapping;
  }

  /** The items with their places. Those that are null are left out, as Prometheus does. */
  #list(value: unknown, at: RulePath, fault: Fault): readonly (readonly [item: unknown, index: number])[] {
    if (isNothing(value)) return [];
    if (Array.isArray(value)) {
      return value.flatMap((item: unknown, index) => (item === null ? [] : [[item, index] as const]));
    }
    fault(`${at.at(-1)}: expected a list`, at);
    return [];
  }

  #faultAt(at: RulePath, where?: string): Fault {
    return (message, place = at) =>
      this.#context.fault(place, where === undefined ? message : `${where}: ${message}`);
  }
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** What is near to a rule file and is none. */
function otherFile(
  top: unknown,
  file: string,
): { readonly at: RulePath; readonly message: string } | undefined {
  if (!(top instanceof Map) || top.has('groups')) return undefined;
  if (top.get('kind') === 'PrometheusRule') {
    return {
      at: ['kind'],
      message: 'that is a Kubernetes object (PrometheusRule): the rule file is what stands under its spec',
    };
  }
  if (!top.has('tests') && !top.has('rule_files')) return undefined;
  const at = [top.has('tests') ? 'tests' : 'rule_files'];
  return { at, message: `that is a file of unit tests: agentobs alerts test ${file}` };
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
