// Writes the Go bindings of the contracts into ../eth/contract, from what the compiler says of src. With --check it
// writes nothing and fails when the committed bindings are not what it would write.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "eth", "contract");
const contracts = ["TestToken", "Vault"];

function run(command, args) {
  const done = spawnSync(command, args, { cwd: here, encoding: "utf8", env: { ...process.env, CGO_ENABLED: "0" } });
  if (done.status !== 0) {
    throw new Error(`${command} ${args.join(" ")}\n${done.error ?? done.stdout + done.stderr}`);
  }
  return done.stdout.trim();
}

// abigen of the version in go.mod, but with its own dependencies: ours need not hold a tool's.
const geth = "github.com/ethereum/go-ethereum";
const abigen = `${geth}/cmd/abigen@${run("go", ["list", "-m", "-f", "{{.Version}}", geth])}`;

const forge = createRequire(import.meta.url).resolve("@foundry-rs/forge/bin.mjs");
run(process.execPath, [forge, "build"]);
const dir = mkdtempSync(join(tmpdir(), "tasknet-bindings-"));
const stale = [];
try {
  for (const name of contracts) {
    const artifact = JSON.parse(readFileSync(join(here, "out", `${name}.sol`, `${name}.json`), "utf8"));
    const abi = join(dir, `${name}.abi`);
    const bin = join(dir, `${name}.bin`);
    writeFileSync(abi, JSON.stringify(artifact.abi));
    writeFileSync(bin, artifact.bytecode.object);
    const out = join(dir, `${name.toLowerCase()}.go`);
    run("go", ["run", abigen, "--v2",
      "--abi", abi, "--bin", bin, "--pkg", "contract", "--type", name, "--out", out]);
  }
  for (const name of readdirSync(dir).filter((n) => n.endsWith(".go"))) {
    const made = readFileSync(join(dir, name), "utf8");
    let kept = "";
    try {
      kept = readFileSync(join(target, name), "utf8");
    } catch {
      // not there yet
    }
    if (made === kept) continue;
    stale.push(name);
    if (!process.argv.includes("--check")) writeFileSync(join(target, name), made);
  }
} finally {
  rmSync(dir, { recursive: true });
}
if (process.argv.includes("--check") && stale.length > 0) {
  process.stderr.write(`rewards/eth/contract is not what the contracts give: ${stale.join(", ")}. Run make generate.\n`);
  process.exitCode = 1;
}
