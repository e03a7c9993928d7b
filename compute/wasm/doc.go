// Package wasm reads programs in WebAssembly's binary format 1, as far as is needed to refuse what nodes do not run, and to have
// those that they run pay for each step: https://webassembly.github.io/spec/core/binary.
package wasm
