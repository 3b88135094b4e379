export { createPriceBook } from './book.ts';
export type { ConfigContext, ConfigPath, PriceConfig, PriceFile } from './config.ts';
export type { Imported } from './imported.ts';
export { readImported } from './imported-file.ts';
export type { PriceSources } from './layers.ts';
export { parsePrices } from './parse.ts';
