import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { UserError } from '../model/index.ts';
import {
  fromPriceFile,
  readSource,
  SOURCE_FORMATS,
  type SourceFormat,
  sourceFormatOf,
} from '../pricing/sources/index.ts';
import type { SourcePrices } from '../pricing/sources/source.ts';
import { loadPriceFile } from './config.ts';
import { isSystemError } from './failure.ts';
import { choice } from './values.ts';

/** A price list of somebody's as it was read. */
export type PriceListFile = {
  readonly prices: SourcePrices;
  readonly format: SourceFormat;
  /** The file's name without its folder. */
  readonly origin: string;
  readonly sha256: string;
};

/** Reads a price list in the format that `as` names, or that its content shows. Throws a `UserError`. */
export async function readPriceList(
  path: string,
  as: string | undefined,
  cwd: string,
): Promise<PriceListFile> {
  const format = choice('--as', as ?? 'auto', ['auto', ...SOURCE_FORMATS]);
  const bytes = bytesOf(path, cwd);
  const about = { origin: basename(path), sha256: createHash('sha256').update(bytes).digest('hex') };
  const json = format === 'agentobs' ? undefined : jsonOf(bytes);
  const found = format === 'auto' ? (json === undefined ? 'agentobs' : sourceFormatOf(json.value)) : format;
  if (found === undefined)
    throw new UserError(`${path}: is no price list that is known`, {
      hint: `Formats: ${SOURCE_FORMATS.join(', ')}; agentobs is a price file as --prices takes it.`,
    });
  if (found === 'agentobs') {
    const { prices } = await loadPriceFile(path, cwd);
    return { ...about, format: found, prices: fromPriceFile(prices, path) };
  }
  if (json === undefined) throw new UserError(`${path}: is no JSON, which ${found} is`);
  return { ...about, format: found, prices: readSource(json.value, found, path) };
}

const WHY: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'that is a folder'],
]);

function bytesOf(path: string, cwd: string): Buffer {
  try {
    return readFileSync(resolve(cwd, path));
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    const why = WHY.get(cause.code) ?? `cannot be read (${cause.code})`;
    throw new UserError(`${path}: ${why}`, { cause });
  }
}

/** What is no JSON may be YAML. */
function jsonOf(bytes: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
