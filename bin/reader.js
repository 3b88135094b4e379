// A thread of the program that reads ahead (`src/intake/thread.ts`).
require('./load.js').load('reader.js');
