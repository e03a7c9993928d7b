// Package torchscript reads TorchScript modules as far as is needed to refuse what nodes do not run. It needs no libtorch: a module is
// a zip archive of code in a subset of Python, of pickles that name what lies where, and of the numbers of its tensors.
package torchscript
