// compile-prices.js MODULES DIST: compiles the data of @pydantic/genai-prices into DIST/pricing/catalogue.jsonl, the index the
// price book reads, with the modules that read the same data when it is imported.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { waitForUpdate } from '@pydantic/genai-prices';

const [modules, dist] = process.argv.slice(2).map((folder) => resolve(folder));
const { compileRows, equalsOf } = await import(pathToFileURL(join(modules, 'pricing/sources/genai.js')));
const folder = join(dist, 'pricing');

// The package carries no date, so the day each version was published stands here (`npm view <package> time`).
// A new version of the data does not build until its date is written down.
const PUBLISHED = { '0.1.8': '2026-09-23' };

const SOURCE = '@pydantic/genai-prices';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(join(root, 'node_modules', SOURCE, 'package.json'), 'utf8'));
const published = PUBLISHED[version];
if (published === undefined)
  throw new Error(`${SOURCE} ${version}: add its publication date to ${import.meta.url}`);

const providers = await waitForUpdate();
const catalogue = {
  source: 'genai-prices',
  version,
  as_of: published,
  sha256: createHash('sha256').update(JSON.stringify(providers)).digest('hex'),
  providers: providers.map(({ id, fallback_model_providers: fallback, model_match: owns }) => ({
    id,
    fallback,
    owns,
  })),
};
// A line for each provider: whoever asks for one has no other's models parsed.
const lines = providers.map(({ id, models }) => models.map((model) => compileModel(id, model)));
mkdirSync(folder);
writeFileSync(
  join(folder, 'catalogue.jsonl'),
  [catalogue, ...lines].map((line) => JSON.stringify(line)).join('\n'),
);
// The data is shipped inside ours, so its licence goes with it.
copyFileSync(join(root, 'node_modules', SOURCE, 'LICENSE'), join(folder, 'catalogue.LICENSE'));

function compileModel(provider, model) {
  const equals = equalsOf(model.match).filter((name) => name !== model.id);
  return {
    id: model.id,
    names: equals.length === 0 ? undefined : equals,
    rule: isOpenEnded(model.match) ? model.match : undefined,
    rows: compileRows(provider, model.id, model.prices),
  };
}

function isOpenEnded(rule) {
  return rule.or === undefined ? rule.equals === undefined : rule.or.some(isOpenEnded);
}
