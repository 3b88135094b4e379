import { actionText, shown } from './format.ts';
import { accepts, FUNCTIONS, type FunctionContext, PARAMETER_TYPES } from './functions.ts';
import { type Command, type Node, type Operand, type Pipeline, printed, type Template } from './nodes.ts';
import { isMap, isSample, isSamples, isTrue, Root, TemplateFailure, typeName, type Value } from './values.ts';

/** How often templates may use one another. */
const DEEPEST = 200;
/** How long a text may become: nobody reads more. */
const LONGEST = 1 << 20;

type Variable = { readonly name: string; value: Value };
type Place = Operand | Command | Node;
const NONE: unique symbol = Symbol('no final argument');
type Final = Value | typeof NONE;

/** The text of a template; throws a `TemplateFailure` in the words of Go's `text/template`. */
export function executed(template: Template, root: Root, context: FunctionContext): string {
  const execution = new Execution(template, context);
  execution.walk(template.body, root, [{ name: '$', value: root }]);
  return execution.text;
}

class Execution {
  text = '';
  readonly #template: Template;
  readonly #context: FunctionContext;
  #depth = 0;

  constructor(template: Template, context: FunctionContext) {
    this.#template = template;
    this.#context = context;
  }

  /** Yields `break` or `continue` where the nodes end with one. */
  walk(nodes: readonly Node[], dot: Value, variables: Variable[]): 'break' | 'continue' | undefined {
    for (const node of nodes) {
      const left = this.#node(node, dot, variables);
      if (left !== undefined) return left;
    }
    return undefined;
  }

  #node(node: Node, dot: Value, variables: Variable[]): 'break' | 'continue' | undefined {
    switch (node.type) {
      case 'text':
        this.#write(node.text);
        return undefined;
      case 'action': {
        const value = this.#pipeline(node.pipeline, dot, variables);
        if (node.pipeline.variables.length === 0)
          this.#write(value === undefined ? '<no value>' : actionText(value));
        return undefined;
      }
      case 'break':
      case 'continue':
        return node.type;
      case 'template':
        this.#use(node, dot, variables);
        return undefined;
      case 'range':
        return this.#range(node, dot, variables);
      case 'if':
      case 'with': {
        const known = variables.length;
        const value = this.#pipeline(node.pipeline, dot, variables);
        const chosen = isTrue(value) ? node.body : node.otherwise;
        const inner = node.type === 'with' && isTrue(value) ? value : dot;
        const left = this.walk(chosen, inner, variables);
        variables.length = known;
        return left;
      }
    }
  }

  #range(
    node: Extract<Node, { readonly type: 'if' | 'with' | 'range' }>,
    dot: Value,
    variables: Variable[],
  ): 'break' | 'continue' | undefined {
    const known = variables.length;
    const over = this.#pipeline(node.pipeline, dot, variables, false);
    const entries = this.#entries(over, node);
    const [first, second] = node.pipeline.variables;
    for (const [key, value] of entries) {
      variables.length = known;
      if (second !== undefined) variables.push({ name: first!, value: key }, { name: second, value });
      else if (first !== undefined) variables.push({ name: first, value });
      const left = this.walk(node.body, value, variables);
      if (left === 'break') break;
    }
    variables.length = known;
    if (entries.length > 0) return undefined;
    return this.walk(node.otherwise, dot, variables);
  }

  #entries(over: Value, node: Node): readonly (readonly [Value, Value])[] {
    if (over === undefined) return [];
    if (isSamples(over)) return over.map((sample, index) => [BigInt(index), sample]);
    if (isMap(over)) return [...over].sort(([a], [b]) => (a < b ? -1 : 1));
    throw this.#failure(
      `range can't iterate over ${shown(over)}`,
      node.type === 'range' ? node.pipeline : node,
    );
  }

  #use(node: Extract<Node, { readonly type: 'template' }>, dot: Value, variables: Variable[]): void {
    const body = this.#template.defined.get(node.name);
    if (body === undefined) throw this.#failure(`template "${node.name}" not defined`, node);
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.#failure('exceeded maximum template depth', node);
    const data = node.pipeline === undefined ? undefined : this.#pipeline(node.pipeline, dot, variables);
    this.walk(body, data, [{ name: '$', value: data }]);
    this.#depth -= 1;
  }

  #pipeline(pipeline: Pipeline, dot: Value, variables: Variable[], declares = true): Value {
    let value: Final = NONE;
    for (const command of pipeline.commands) value = this.#command(command, dot, variables, value);
    const result = value === NONE ? undefined : value;
    if (!declares) return result;
    for (const name of pipeline.variables) {
      const known = pipeline.assigns ? variables.findLast((variable) => variable.name === name) : undefined;
      if (known === undefined) variables.push({ name, value: result });
      else known.value = result;
    }
    return result;
  }

  #command(command: Command, dot: Value, variables: Variable[], final: Final): Value {
    const [first, ...args] = command.args;
    if (first!.type === 'function') return this.#call(first!, command, args, dot, variables, final);
    if (args.length > 0 || final !== NONE) {
      const takesNone = first!.type === 'field' || first!.type === 'variable' || first!.type === 'chain';
      if (takesNone) {
        const name = printed(first!).split('.').at(-1)!;
        throw this.#failure(`${name} is not a method but has arguments`, first!);
      }
      throw this.#failure(`can't give argument to non-function ${printed(first!)}`, first!);
    }
    if (first!.type === 'nil') throw this.#failure('nil is not a command', first!);
    return this.#operand(first!, dot, variables);
  }

  #call(
    operand: Extract<Operand, { readonly type: 'function' }>,
    command: Command,
    args: readonly Operand[],
    dot: Value,
    variables: Variable[],
    final: Final,
  ): Value {
    const { name } = operand;
    const { parameters, rest, of } = FUNCTIONS.get(name)!;
    const given = args.length + (final === NONE ? 0 : 1);
    if (given < parameters.length || (rest === undefined && given > parameters.length)) {
      const want = rest === undefined ? `${parameters.length}` : `at least ${parameters.length}`;
      throw this.#failure(`wrong number of args for ${name}: want ${want} got ${given}`, operand);
    }
    const isLazy = name === 'and' || name === 'or';
    const values: Value[] = [];
    for (const [index, arg] of args.entries()) {
      const value = this.#argument(arg, dot, variables);
      const parameter = parameters[index] ?? rest!;
      if (!accepts(parameter, value)) throw this.#wrongType(value, PARAMETER_TYPES[parameter], arg);
      values.push(value);
      if (isLazy && isTrue(value) === (name === 'or')) return value;
    }
    if (final !== NONE) {
      const parameter = parameters[args.length] ?? rest!;
      if (!accepts(parameter, final)) throw this.#wrongType(final, PARAMETER_TYPES[parameter], command);
      values.push(final);
    }
    try {
      return of(values, this.#context);
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      throw this.#failure(`error calling ${name}: ${cause.message}`, command);
    }
  }

  #argument(operand: Operand, dot: Value, variables: Variable[]): Value {
    if (operand.type !== 'function') return this.#operand(operand, dot, variables);
    const command: Command = { args: [operand], at: operand.at };
    return this.#call(operand, command, [], dot, variables, NONE);
  }

  #operand(operand: Operand, dot: Value, variables: Variable[]): Value {
    switch (operand.type) {
      case 'dot':
        return dot;
      case 'nil':
        return undefined;
      case 'constant':
        return operand.value;
      case 'pipeline':
        return this.#pipeline(operand, dot, variables);
      case 'field':
        return this.#fields(dot, operand.fields, operand);
      case 'variable': {
        const { name, fields } = operand;
        const variable = variables.findLast((one) => one.name === name);
        return this.#fields(variable?.value, fields, operand);
      }
      case 'chain':
        return this.#fields(this.#argument(operand.of, dot, variables), operand.fields, operand);
      case 'function':
        return this.#argument(operand, dot, variables);
    }
  }

  #fields(start: Value, fields: readonly string[], at: Place): Value {
    let value = start;
    for (const field of fields) value = this.#field(value, field, at);
    return value;
  }

  #field(value: Value, field: string, at: Place): Value {
    if (value === undefined) throw this.#failure(`nil data; no entry for key "${field}"`, at);
    if (value instanceof Root) {
      if (value.fields.has(field)) return value.fields.get(field);
    } else if (isMap(value)) {
      const isLabels = typeName(value) === 'map[string]string';
      return value.get(field) ?? (isLabels ? '' : undefined);
    } else if (isSample(value)) {
      if (field === 'Labels') return value.labels;
      if (field === 'Value') return value.value;
    }
    throw this.#failure(`can't evaluate field ${field} in type ${typeName(value)}`, at);
  }

  #wrongType(value: Value, wanted: string, at: Place): Error {
    if ('type' in at && at.type === 'constant' && wanted === 'string') {
      return this.#failure(`expected string; found ${printed(at)}`, at);
    }
    if ('type' in at && at.type === 'nil') return this.#failure(`cannot assign nil to ${wanted}`, at);
    if (value === undefined) return this.#failure(`invalid value; expected ${wanted}`, at);
    return this.#failure(`wrong type for value; expected ${wanted}; got ${typeName(value)}`, at);
  }

  #failure(message: string, place: Place): Error {
    const { name, text } = this.#template;
    const at = 'at' in place ? place.at : 0;
    const before = text.slice(0, at);
    const line = before.split('\n').length;
    const column = Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1));
    const where = `template: ${name}:${line}:${column}: executing "${name}" at <${printed(place)}>`;
    return new TemplateFailure(`${where}: ${message}`);
  }

  #write(text: string): void {
    if (this.text.length + text.length > LONGEST) throw new TemplateFailure('the text becomes too long');
    this.text += text;
  }
}
