/** Where a node begins in the text of its template, in UTF-16 units. */
type At = { readonly at: number };

export type Operand =
  | ({ readonly type: 'function'; readonly name: string } & At)
  | ({ readonly type: 'variable'; readonly name: string; readonly fields: readonly string[] } & At)
  | ({ readonly type: 'field'; readonly fields: readonly string[] } & At)
  | ({ readonly type: 'chain'; readonly of: Operand; readonly fields: readonly string[] } & At)
  | ({ readonly type: 'dot' } & At)
  | ({ readonly type: 'nil' } & At)
  /** An integer is a `bigint`, as everywhere in templates. */
  | ({
      readonly type: 'constant';
      readonly value: string | number | bigint | boolean;
      readonly text: string;
    } & At)
  | Pipeline;

export type Command = { readonly args: readonly Operand[] } & At;

export type Pipeline = {
  readonly type: 'pipeline';
  readonly variables: readonly string[];
  /** `=` and not `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
} & At;

export type Node =
  | { readonly type: 'text'; readonly text: string }
  | ({ readonly type: 'action'; readonly pipeline: Pipeline } & At)
  | ({
      readonly type: 'if' | 'with' | 'range';
      readonly pipeline: Pipeline;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    } & At)
  | ({ readonly type: 'template'; readonly name: string; readonly pipeline: Pipeline | undefined } & At)
  | ({ readonly type: 'break' | 'continue' } & At);

/** A parsed template with those that it defines. */
export type Template = {
  readonly name: string;
  readonly text: string;
  readonly body: readonly Node[];
  readonly defined: ReadonlyMap<string, readonly Node[]>;
};

/** A node as Go's messages show it. */
export function printed(node: Operand | Command | Node): string {
  if ('args' in node) {
    return node.args.map((arg) => (arg.type === 'pipeline' ? `(${printed(arg)})` : printed(arg))).join(' ');
  }
  switch (node.type) {
    case 'function':
      return node.name;
    case 'variable':
      return [node.name, ...node.fields].join('.');
    case 'field':
      return node.fields.map((field) => `.${field}`).join('');
    case 'chain': {
      const inner = node.of.type === 'pipeline' ? `(${printed(node.of)})` : printed(node.of);
      return inner + node.fields.map((field) => `.${field}`).join('');
    }
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'constant':
      return node.text;
    case 'pipeline': {
      const names =
        node.variables.length === 0 ? '' : `${node.variables.join(', ')} ${node.assigns ? '=' : ':='} `;
      return names + node.commands.map(printed).join(' | ');
    }
    case 'action':
      return `{{${printed(node.pipeline)}}}`;
    case 'text':
      return node.text;
    case 'template':
      return `{{template "${node.name}"${node.pipeline === undefined ? '' : ` ${printed(node.pipeline)}`}}}`;
    case 'if':
    case 'with':
    case 'range':
      return `{{${node.type} ${printed(node.pipeline)}}}${node.body.map(printed).join('')}{{end}}`;
    case 'break':
    case 'continue':
      return `{{${node.type}}}`;
  }
}
