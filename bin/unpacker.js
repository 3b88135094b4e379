// A thread of the program that unpacks (`src/input/reader-thread.ts`).
require('./load.js').load('unpacker.js');
