#!/usr/bin/env node
// solc from npm, behind the two calls that forge makes of the native compiler: --version, and --standard-json with the
// input on stdin. It takes most of a minute as JavaScript, and several steps of the tests want the same: what it said is kept
// beside other downloads and builds, by the hash of what it was asked.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

const require = createRequire(import.meta.url);
const args = process.argv.slice(2);

if (args.includes("--version")) {
  const version = require("solc").version().replace(/\.Emscripten\.clang$/, ".Linux.g++");
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else if (args.includes("--standard-json")) {
  process.stdout.write(kept(readFileSync(0, "utf8")));
} else {
  process.stderr.write("solc.mjs answers --version and --standard-json only.\n");
  process.exit(1);
}

function compiled(input) {
  // forge names every source in the input; nothing else may be read.
  const missing = (path) => ({ error: `${path} is not in the input` });
  return require("solc").compile(input, { import: missing });
}

/** What the compiler says of an input, from the last 30 days or anew. */
function kept(input) {
  const folder = join(process.env.TASKNET_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tasknet"), "solc");
  const file = join(folder, `${createHash("sha256").update(`${require("solc/package.json").version}\n${input}`).digest("hex")}.json.gz`);
  const now = new Date();
  try {
    const said = gunzipSync(readFileSync(file)).toString();
    utimesSync(file, now, now);
    return said;
  } catch {
    // not there yet, or not whole
  }
  const said = compiled(input);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const old = join(folder, name);
    if (now - statSync(old).mtime > 30 * 86_400_000) rmSync(old, { force: true });
  }
  writeFileSync(`${file}.${process.pid}`, gzipSync(said));
  renameSync(`${file}.${process.pid}`, file);
  return said;
}
