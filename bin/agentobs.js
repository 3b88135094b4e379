#!/usr/bin/env node
require('./load.js').load('main.js').main(process.argv.slice(2));
