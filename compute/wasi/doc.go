// Package wasi runs programs that nobody has looked at: commands of WASI preview 1 in WebAssembly. They see the files that they are
// given and a folder for what they make, and nothing else of the machine: no network, no time, and no chance but what follows from a
// seed. So the same program makes the same bytes of the same files on every machine: the bits of a NaN, which WebAssembly leaves open and
// processors make otherwise, too, since package wasm has programs make one NaN alone. Memory, steps and what is written have limits; a
// program that passes one is stopped.
//
// wazero has no fuel of its own, and a limit of time would stop a slow machine's work and not a fast one's. So programs are made to
// pay for their steps before they run (package wasm); the time that a lease may take ends what is merely slow.
package wasi
