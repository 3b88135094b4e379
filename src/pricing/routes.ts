import { isBedrockId } from '../model/index.ts';
import { billerOf, isRouter, knownBiller, PASSED_THROUGH } from './providers.ts';

/** One reading of a model name: who bills, and what the model is called there. */
export type Route = {
  readonly biller: string | undefined;
  readonly name: string;
  /** What was removed or concluded to get here. */
  readonly step: string | undefined;
  /** Whose list price stands in for the biller's own. */
  readonly priceOf?: string;
};

export type Routes = {
  readonly routes: readonly Route[];
  /** The biller the last route ends at may be somebody else than named: a bare name may be looked up by its maker. */
  readonly open: boolean;
};

/** Longer names are nobody's model. */
const LONGEST = 300;
const MOST_PREFIXES = 6;

/** A model name as every comparison expects it; undefined if it cannot be one. */
export function modelName(reported: string | undefined): string | undefined {
  if (reported === undefined || reported.length > LONGEST) return undefined;
  // Claude Code marks the long context window so; its price is the row's own tier.
  const name = reported
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/\[1m\]$/, '');
  return name === '' ? undefined : name;
}

/**
 * Every reading of `name` when `provider` is said to bill, as reported first, with fewer and fewer routing prefixes
 * after. Prefixes decide who bills only where the telemetry leaves it open: Groq sells `openai/gpt-oss-120b`.
 */
export function routesOf(provider: string | undefined, name: string): Routes {
  const stated = billerOf(provider);
  const routes: Route[] = [{ biller: stated.id, name, step: undefined }];
  let { id: biller, open } = stated;
  let rest = name;
  const add = (step: string): void => {
    routes.push({ biller, name: rest, step });
  };
  for (let prefixes = 0; prefixes < MOST_PREFIXES; prefixes++) {
    const next = prefixOf(rest);
    if (next === undefined) break;
    rest = next.rest;
    const step = `prefix "${next.prefix}" removed`;
    if (next.biller === undefined || next.biller === biller) add(step);
    else if (biller === undefined || open) {
      biller = next.biller;
      open = next.unheardOf || biller === 'openai';
      add(step);
    } else {
      add(step);
      if (biller === 'openrouter' && PASSED_THROUGH.has(next.biller))
        routes.push({ biller, name: rest, step, priceOf: next.biller });
    }
  }
  const tuned = fineTuned(rest);
  if (tuned !== undefined) {
    rest = tuned;
    biller ??= 'openai';
    add('name of the fine-tuned model removed');
  }
  if (biller !== 'aws' && (open || biller === 'anthropic') && isBedrockId(rest)) {
    biller = 'aws';
    open = false;
    add('named as Bedrock names it');
  }
  return { routes, open };
}

/** Whether a model name is one that whoever routes or hosts the call bills by. */
export function isBillersName(provider: string | undefined, name: string): boolean {
  const { id } = billerOf(provider);
  return id === 'aws' || id === 'openrouter' || isBedrockId(name) || prefixOf(name)?.biller !== undefined;
}

/** What is left of a name without the marks of the one who bills: prefixes, region, vendor, version, variant. */
export function coreOf(name: string): string {
  return name
    .slice(name.lastIndexOf('/') + 1)
    .replace(/^(?:[a-z-]{2,6}\.)?(?:[a-z0-9]+)\.(?=[a-z])/, '')
    .replace(/-v\d{1,2}(?::\d{1,2})?$/, '')
    .replace(/:[a-z]+$/, '');
}

type Prefix = {
  readonly prefix: string;
  readonly rest: string;
  /** Undefined when the prefix only routes. */
  readonly biller: string | undefined;
  readonly unheardOf: boolean;
};

const ARN = /^arn:aws[a-z-]*:(?:bedrock|sagemaker):[^/]*\/(.+)$/;
/** Path segments that say where a model runs, and nothing about who made or bills it. */
const PLACES = new Set(['models', 'converse', 'converse_like', 'invoke', 'responses', 'chat']);
const AWS_REGION = /^[a-z]{2}(?:-[a-z]+){1,2}-\d$/;

function prefixOf(name: string): Prefix | undefined {
  const arn = ARN.exec(name);
  if (arn !== null) return { prefix: 'arn', rest: arn[1]!, biller: 'aws', unheardOf: false };
  const slash = name.indexOf('/');
  if (slash > 0 && slash < name.length - 1) {
    const prefix = name.slice(0, slash);
    const rest = name.slice(slash + 1);
    if (prefix === 'projects' || prefix === 'publishers') {
      const models = name.lastIndexOf('/models/');
      if (models < 0) return undefined;
      return { prefix, rest: name.slice(models + 8), biller: 'google', unheardOf: false };
    }
    if (PLACES.has(prefix) || AWS_REGION.test(prefix) || isRouter(prefix))
      return { prefix, rest, biller: undefined, unheardOf: false };
    const biller = knownBiller(prefix);
    return { prefix, rest, biller: biller ?? prefix, unheardOf: biller === undefined };
  }
  // pydantic-ai and others write `openai:gpt-4o`.
  const colon = name.indexOf(':');
  const biller = colon > 0 ? knownBiller(name.slice(0, colon)) : undefined;
  if (biller === undefined || colon === name.length - 1) return undefined;
  return { prefix: name.slice(0, colon), rest: name.slice(colon + 1), biller, unheardOf: false };
}

/** `ft:BASE:organisation:name:id` → `ft:BASE`, Azure's `BASE.ft-id` → `BASE.ft-`: a tuned model has a row of its own. */
function fineTuned(name: string): string | undefined {
  const openai = /^(ft:[^:]+):/.exec(name);
  if (openai !== null) return openai[1];
  return /^(.+\.ft-)[0-9a-z-]+$/.exec(name)?.[1];
}
