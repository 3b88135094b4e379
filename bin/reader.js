// A thread of the program that reads (`src/input/reader-thread.ts`).
require('./load.js').load('reader.js');
