// Package torch trains models with libtorch, through gotch, on the processor or on a CUDA device. All but this comment
// needs the tag gotch and cgo; `.ci/libtorch go build -tags gotch ./...` fetches what is wanted and builds it.
//
// Weights are kept on the device as one row of numbers, of which layers see parts, so that the optimiser is a few operations
// whatever the model; they go in and out as compute.State. libtorch draws nothing at random: the first weights, the order and
// what is dropped are the caller's. In bfloat16 a gradient has the range of float32, so it needs no scaling; float16, which
// would, is not offered.
package torch
