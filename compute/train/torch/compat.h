// Included before gotch's sources, which are for libtorch 2.1, where they are built with a later one: what that has by another
// signature is here by the old one. Nothing of ours calls it, and it throws.
#pragma once
#include <stdexcept>
#include <tuple>

#include <torch/torch.h>

namespace torch {

[[noreturn]] inline void changed() { throw std::runtime_error("this libtorch has another signature for it"); }

inline Tensor _cslt_sparse_mm(const Tensor &, const Tensor &, const Tensor &, bool) { changed(); }

inline std::tuple<Tensor, Tensor> _scaled_mm(const Tensor &, const Tensor &, const Tensor &, c10::optional<at::ScalarType>, const Tensor &,
	const Tensor &, const Tensor &) {
	changed();
}

inline std::tuple<Tensor, Tensor> _scaled_mm_out(const Tensor &, const Tensor &, const Tensor &, const Tensor &, const Tensor &,
	c10::optional<at::ScalarType>, const Tensor &, const Tensor &, const Tensor &) {
	changed();
}

} // namespace torch
