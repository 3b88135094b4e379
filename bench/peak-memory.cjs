// Loaded into a measured process (`node --require`): writes its peak memory in kilobytes to file descriptor 3 as it ends.
const { writeSync } = require('node:fs');

process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));
