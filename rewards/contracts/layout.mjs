// Writes down where each contract keeps what, into storage.txt. With --check it writes nothing and fails when the file is
// not what the compiler says: whoever reads slots, by proof or by a node, relies on it.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const file = join(here, "storage.txt");
const forge = createRequire(import.meta.url).resolve("@foundry-rs/forge/bin.mjs");
const build = spawnSync(process.execPath, [forge, "build"], { cwd: here, encoding: "utf8" });
if (build.status !== 0) throw new Error(build.stdout + build.stderr);

// Types end in numbers that change with any edit of any file.
const plain = (type) => type.replace(/\d+_storage/g, "").replace(/\)\d+/g, ")");

function lines(layout, members, indent, seen) {
  return members.flatMap(({ label, slot, offset, type }) => {
    const own = `${indent}${slot.padStart(3)} ${String(offset).padStart(2)}  ${label}: ${plain(layout.types[type].label)}`;
    const nested = [type, layout.types[type].value, layout.types[type].base].map((t) => layout.types[t]).find((t) => t?.members);
    if (!nested || seen.has(nested.label)) return [own];
    return [own, ...lines(layout, nested.members, `${indent}    `, new Set([...seen, nested.label]))];
  });
}

const made = ["MessageBoard", "Oracle", "Stake", "TestToken", "Vault"]
  .map((name) => {
    const { storageLayout } = JSON.parse(readFileSync(join(here, "out", `${name}.sol`, `${name}.json`), "utf8"));
    return [name, ...lines(storageLayout, storageLayout.storage, "", new Set()), ""].join("\n");
  })
  .join("\n");

if (!process.argv.includes("--check")) {
  writeFileSync(file, made);
} else if (readFileSync(file, "utf8") !== made) {
  process.stderr.write("storage.txt is not what the contracts give. Run npm run layout, and read the diff.\n");
  process.exitCode = 1;
}
