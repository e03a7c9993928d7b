// Writes the Go bindings of the contracts into ../eth/contract/contracts.go, from what the compiler says of src. With
// --check it writes nothing and fails when the committed bindings are not what it would write.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "eth", "contract", "contracts.go");
const contracts = ["Disperse", "MessageBoard", "Oracle", "Stake", "TestToken", "Vault"];

function run(command, args, input = "") {
  const env = { ...process.env, CGO_ENABLED: "0" };
  const done = spawnSync(command, args, { cwd: here, encoding: "utf8", env, input, maxBuffer: 1 << 26 });
  if (done.status !== 0) {
    throw new Error(`${command} ${args.join(" ")}\n${done.error ?? done.stdout + done.stderr}`);
  }
  return done.stdout;
}

// abigen of the version in go.mod, but with its own dependencies: ours need not hold a tool's.
const geth = "github.com/ethereum/go-ethereum";
const abigen = `${geth}/cmd/abigen@${run("go", ["list", "-m", "-f", "{{.Version}}", geth]).trim()}`;

const forge = createRequire(import.meta.url).resolve("@foundry-rs/forge/bin.mjs");
run(process.execPath, [forge, "build"]);
const combined = { contracts: {}, version: "" };
for (const name of contracts) {
  const artifact = JSON.parse(readFileSync(join(here, "out", `${name}.sol`, `${name}.json`), "utf8"));
  const bin = artifact.bytecode.object.replace(/^0x/, "");
  combined.contracts[`${name}.sol:${name}`] = { abi: artifact.abi, bin, "bin-runtime": "", metadata: "" };
}
// All in one go, so that a struct that two contracts share is one type.
const made = run("go", ["run", abigen, "--v2", "--combined-json", "-", "--pkg", "contract"], JSON.stringify(combined));
let kept = "";
try {
  kept = readFileSync(target, "utf8");
} catch {
  // not there yet
}
if (made !== kept) {
  if (process.argv.includes("--check")) {
    process.stderr.write("rewards/eth/contract is not what the contracts give. Run make generate.\n");
    process.exitCode = 1;
  } else {
    writeFileSync(target, made);
  }
}
