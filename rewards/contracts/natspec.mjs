// Fails when what a contract shows to others is not explained: an external function without a notice or without a word on a
// parameter or a result, an event or an error without a notice. It reads what the compiler made of the comments, not the
// comments. What a contract inherits from OpenZeppelin is OpenZeppelin's to explain.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const forge = createRequire(import.meta.url).resolve("@foundry-rs/forge/bin.mjs");
const build = spawnSync(process.execPath, [forge, "build"], { cwd: here, encoding: "utf8" });
if (build.status !== 0) throw new Error(build.stdout + build.stderr);

const typeOf = ({ type, components }) => (components ? type.replace("tuple", `(${components.map(typeOf).join(",")})`) : type);
const namesIn = (text, pattern) => new Set([...text.matchAll(pattern)].map((match) => match[1]));

function missing(contract, source, { abi, rawMetadata }) {
  const { userdoc, devdoc } = JSON.parse(rawMetadata).output; // forge's own reading of it leaves events and errors out
  const written = namesIn(source, /\b(?:function|event|error)\s+(\w+)\s*\(/g);
  const getters = namesIn(source, /\bpublic\b(?:\s+(?:constant|immutable))*\s+(\w+)\s*[=;]/g);
  return abi.flatMap((item) => {
    const name = item.name ?? item.type;
    const getter = item.type === "function" && getters.has(name);
    if (!getter && !written.has(name) && item.type !== "constructor") return [];
    const signature = item.type === "constructor" ? name : `${name}(${item.inputs.map(typeOf).join(",")})`;
    const kind = item.type === "event" ? "events" : item.type === "error" ? "errors" : "methods";
    const said = [userdoc[kind]?.[signature]].flat()[0]?.notice;
    const lacks = said || item.type === "constructor" ? [] : ["@notice"];
    if (kind === "methods" && !getter) {
      const { params = {}, returns = {} } = devdoc.methods?.[signature] ?? {};
      lacks.push(...item.inputs.filter((input) => !params[input.name]).map((input) => `@param ${input.name}`));
      lacks.push(...(item.outputs ?? []).filter((output, i) => !returns[output.name || `_${i}`]).map((output) => `@return ${output.name}`.trim()));
    }
    return lacks.map((tag) => `${contract}.${signature} has no ${tag}`);
  });
}

let read = 0;
const all = readdirSync(join(here, "src")).flatMap((file) => {
  const source = readFileSync(join(here, "src", file), "utf8");
  return [...namesIn(source, /^(?:abstract )?(?:contract|interface) (\w+)/gm)].flatMap((contract) => {
    const artifact = join(here, "out", file, `${contract}.json`);
    if (!existsSync(artifact)) throw new Error(`${artifact} is not there`);
    read++;
    return missing(contract, source, JSON.parse(readFileSync(artifact, "utf8")));
  });
});
if (read === 0) throw new Error("there are no contracts");
if (all.length > 0) {
  process.stderr.write(`${all.join("\n")}\n`);
  process.exitCode = 1;
}
