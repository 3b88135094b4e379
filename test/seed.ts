import fc from 'fast-check';

// Properties are checked on the same inputs everywhere, so that what passed here passes there; other inputs are
// `SEED=random npm test`, or the number that a failure named. `npm run fuzz` looks further.
const { SEED } = process.env;

if (SEED !== 'random') fc.configureGlobal({ seed: Number(SEED ?? 20_260_204) });
