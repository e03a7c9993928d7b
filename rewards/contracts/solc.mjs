#!/usr/bin/env node
// solc from npm, behind the two calls that forge makes of the native compiler: --version, and --standard-json with the
// input on stdin.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const solc = createRequire(import.meta.url)("solc");
const args = process.argv.slice(2);

if (args.includes("--version")) {
  const version = solc.version().replace(/\.Emscripten\.clang$/, ".Linux.g++");
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else if (args.includes("--standard-json")) {
  // forge names every source in the input; nothing else may be read.
  const missing = (path) => ({ error: `${path} is not in the input` });
  process.stdout.write(solc.compile(readFileSync(0, "utf8"), { import: missing }));
} else {
  process.stderr.write("solc.mjs answers --version and --standard-json only.\n");
  process.exit(1);
}
