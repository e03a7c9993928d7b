// Included before gotch's sources, which were written for libtorch 2.1: what later versions have under another signature, and
// nothing here calls, is there by the old one and throws.
#pragma once
#ifdef __cplusplus
#include <torch/version.h>
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR > 1)
#endif
#endif
