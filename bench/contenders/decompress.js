// Decompresses a file and throws the text away: how fast reading it could be at best, with the
// decompressors that the program uses. Prints the number of bytes.
//   node bench/contenders/decompress.js FILE
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';

const [path] = process.argv.slice(2);
const source = createReadStream(path, { highWaterMark: 1 << 20 });
let bytes = 0;
const count = (chunk) => {
  bytes += chunk.length;
};

if (path.endsWith('.gz')) {
  for await (const chunk of source.pipe(createGunzip({ chunkSize: 1 << 17 }))) count(chunk);
} else {
  const stream = new Decompress(count);
  for await (const chunk of source) stream.push(chunk);
  stream.push(new Uint8Array(0), true);
}
console.log(bytes);
