import { type PriceImport, UserError } from '../model/index.ts';
import type { ConfigContext } from './config.ts';
import type { Imported } from './imported.ts';
import { parsePrices } from './parse.ts';
import { isObject, own } from './sources/source.ts';
import { writtenRow } from './written-rates.ts';

/** Nothing that this program writes is nested deeper. */
const DEEPEST = 12;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** What was imported, as one file: the imports, and the rows they added in the words of a price file. */
export function importedText({ imports, models }: Imported): string {
  const rows = models.map(
    ({ key, rows }) => `    ${JSON.stringify(key)}: ${JSON.stringify(rows.map(writtenRow))}`,
  );
  const made = imports.map((one) => `    ${JSON.stringify(one)}`);
  return `{
  "schema_version": 1,
  "imports": [
${made.join(',\n')}
  ],
  "models": {
${rows.join(',\n')}
  }
}
`;
}

/** Reads what `importedText` writes; throws a `UserError` for anything else. `name` is the file as messages call it. */
export function readImported(text: string, name: string): Imported {
  const damaged = (why: string, cause?: unknown): UserError =>
    new UserError(`${name}: ${why}`, {
      hint: 'agentobs prices reset removes what was imported; then import it again.',
      cause,
    });
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    throw damaged('the imported prices are no JSON', cause);
  }
  if (!isObject(file) || own(file, 'schema_version') !== 1)
    throw damaged('these are no imported prices of this version of agentobs');
  const imports = own(file, 'imports');
  if (!Array.isArray(imports) || !imports.every(isImport)) throw damaged('the list of imports is damaged');
  const faults: string[] = [];
  const context: ConfigContext = {
    fault: (path, message) => faults.push(`${path.join('.')}: ${message}`),
    placeOf: () => name,
  };
  const section = new Map([['models', asMaps(own(file, 'models'), 0)]]);
  const { models } = parsePrices(section, [], context);
  if (faults.length > 0) throw damaged(`imported prices: ${faults[0]}`);
  return { imports, models };
}

function isImport(value: unknown): value is PriceImport {
  if (!isObject(value)) return false;
  const texts = ['origin', 'format', 'sha256', 'as_of'].map((key) => own(value, key));
  return texts.every((text) => typeof text === 'string') && DATE.test(String(own(value, 'as_of')));
}

/** Objects as the readers of configuration expect mappings. */
function asMaps(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) return undefined;
  if (Array.isArray(value)) return value.map((item) => asMaps(item, depth + 1));
  if (!isObject(value)) return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, asMaps(item, depth + 1)]));
}
