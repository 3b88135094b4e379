import { CATALOGUE } from '../input/index.ts';
import { LINE_WRAPPERS, RECORD_WRAPPERS } from '../input/wrappers.ts';
import { DIALECTS } from '../normalize/index.ts';

/**
 * Everything that is read, as data: formats, what is taken off around their records, and the vocabularies in them. In what is
 * built it is written down (`scripts/bundle.js`): whoever asks for names needs nothing that reads.
 */
export const knownFormats = () => ({
  formats: CATALOGUE.map(({ name, kind, title, source }) => ({ name, kind, written_by: title, source })),
  wrappers: [...LINE_WRAPPERS, ...RECORD_WRAPPERS].map(({ name, source }) => ({ name, source })),
  vocabularies: [...DIALECTS]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, source }) => ({ name, source })),
});
