//go:build gotch && cgo

#include "native.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <set>

#include <ATen/autocast_mode.h>
#include <caffe2/serialize/read_adapter_interface.h>
#include <torch/script.h>
#include <torch/torch.h>
#include <torch/version.h>

namespace {

torch::Tensor &at_(void *tensor) { return *static_cast<torch::Tensor *>(tensor); }

// tried runs f, and returns what it throws.
template <typename F> char *tried(F f) {
	try {
		f();
	} catch (const std::exception &e) {
		return strdup(e.what());
	} catch (...) {
		return strdup("something that is no exception was thrown");
	}
	return nullptr;
}

#define NEWER (TORCH_VERSION_MAJOR > 2 || TORCH_VERSION_MINOR > 3)

void collect(torch::jit::Block *block, std::set<std::string> &into) {
	for (auto *node : block->nodes()) {
		into.insert(node->kind().toQualString());
		for (auto *inner : node->blocks()) {
			collect(inner, into);
		}
	}
}

// Bytes are read where they are: a stream would copy them twice.
class Bytes : public caffe2::serialize::ReadAdapterInterface {
	const char *bytes_;
	size_t size_;

public:
	Bytes(const char *bytes, size_t size) : bytes_(bytes), size_(size) {}
	size_t size() const override { return size_; }
	size_t read(uint64_t at, void *into, size_t n, const char *) const override {
		if (at >= size_) {
			return 0;
		}
		n = std::min<size_t>(n, size_ - at);
		std::memcpy(into, bytes_ + at, n);
		return n;
	}
};

} // namespace

void native_threads(int n) { at::set_num_threads(n); }

char *native_cuda(void) {
	return tried([] {
		setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
		if (!dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL)) { // which registers its kernels
			throw std::runtime_error(dlerror());
		}
		if (!torch::cuda::is_available()) {
			throw std::runtime_error("the driver names none");
		}
		at::globalContext().setDeterministicCuDNN(true);
		at::globalContext().setDeterministicAlgorithms(true, true);
	});
}

char *native_bfloat16(int cuda, int on) {
	return tried([=] {
#if NEWER
		auto device = cuda ? at::kCUDA : at::kCPU;
		at::autocast::set_autocast_dtype(device, at::kBFloat16);
		at::autocast::set_autocast_enabled(device, on);
#else
		if (cuda) {
			at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
			at::autocast::set_enabled(on);
		} else {
			at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
			at::autocast::set_cpu_enabled(on);
		}
#endif
		if (!on) {
			at::autocast::clear_cache(); // of weights, which are about to change
		}
	});
}

char *native_loss(void *logits, void *targets, void *weights, double gamma, void **out) {
	return tried([=] {
		auto likely = at_(logits).log_softmax(-1, at::kFloat);
		auto &t = at_(targets);
		torch::Tensor each;
		if (gamma == 0) {
			each = (likely.exp() - t).square();
		} else { // the power has no slope where nothing is left
			each = -t * likely * (1 - likely.exp()).clamp_min(1e-6).pow(gamma);
		}
		*out = new torch::Tensor((each.sum(-1) * at_(weights)).sum());
	});
}

char *native_leaf(void *row, int64_t at, const int64_t *shape, int dims, void **out) {
	return tried([=] {
		torch::NoGradGuard none;
		auto sizes = torch::IntArrayRef(shape, dims);
		int64_t size = 1;
		for (auto d : sizes) {
			size *= d;
		}
		*out = new torch::Tensor(at_(row).narrow(0, at, size).view(sizes).detach().set_requires_grad(true));
	});
}

char *native_update(void *loss, void **leaves, int n, void *weights, void *first, void *second, struct native_step s) {
	return tried([=] {
		std::vector<torch::Tensor> by;
		for (int i = 0; i < n; i++) {
			by.push_back(at_(leaves[i]));
		}
		auto each = torch::autograd::grad({at_(loss)}, by);
		torch::NoGradGuard none;
		for (auto &g : each) {
			g = g.reshape({-1});
		}
		auto g = torch::cat(each), w = at_(weights), m = at_(first);
		auto exact = [&] { return g.norm(2, at::kDouble); };
		if (g.is_cuda()) { // asking how long it is would wait for the device
			g.mul_((s.clip / exact()).clamp_max(1));
		} else {
			auto length = g.norm().item<double>();
			if (!std::isfinite(length)) { // its square is too large for float32
				length = exact().item<double>();
			}
			if (length > s.clip) {
				g.mul_(s.clip / length);
			}
		}
		if (s.decay > 0) {
			w.narrow(0, 0, s.count).mul_(1 - s.rate * s.decay);
		}
		if (!second) {
			m.mul_(s.momentum).add_(g);
			w.add_(g.add_(m, s.momentum), -s.rate);
			return;
		}
		auto v = at_(second);
		auto unbias1 = 1 - std::pow(s.beta1, s.steps), unbias2 = std::sqrt(1 - std::pow(s.beta2, s.steps));
		m.lerp_(g, 1 - s.beta1);
		v.mul_(s.beta2).addcmul_(g, g, 1 - s.beta2);
		w.addcdiv_(m, torch::sqrt_out(g, v).add_(s.epsilon * unbias2), -s.rate * unbias2 / unbias1);
	});
}

char *native_save(const char *source, const char **names, void **params, int n, const char *path) {
	return tried([=] {
		torch::jit::Module m("TaskNet");
		for (int i = 0; i < n; i++) {
			m.register_parameter(names[i], at_(params[i]), false);
		}
		m.define(source);
		m.eval();
		m.save(path);
	});
}

char *native_load(const char *bytes, size_t size, void **module, char **operations) {
	return tried([=] {
		auto m = torch::jit::load(std::make_shared<Bytes>(bytes, size), at::kCPU);
		std::set<std::string> all;
		auto unit = m._ivalue()->compilation_unit();
		for (size_t done = 0; done < unit->get_functions().size();) { // to compile one may bring in others
			auto *f = unit->get_functions()[done++];
			f->ensure_defined();
			if (!f->isGraphFunction()) {
				all.insert("builtin::" + f->name());
				continue;
			}
			auto graph = torch::jit::toGraphFunction(*f).graph();
			if (graph->outputs().size() != 1) { // what cannot be compiled may be left empty
				throw std::invalid_argument(f->name() + " does not compile");
			}
			collect(graph->block(), all);
		}
		std::string lines;
		for (const auto &name : all) {
			lines += name + "\n";
		}
		m.eval();
		*operations = strdup(lines.c_str());
		*module = new torch::jit::Module(m);
	});
}

char *native_run(void *module, void *input, void **output) {
	return tried([=] {
		torch::NoGradGuard none;
		torch::manual_seed(0);
		auto out = static_cast<torch::jit::Module *>(module)->forward({at_(input)});
		if (!out.isTensor()) {
			throw std::invalid_argument("forward returns no tensor");
		}
		*output = new torch::Tensor(out.toTensor().to(at::kCPU, at::kFloat).contiguous());
	});
}

int native_shape(void *tensor, int64_t *dims, int most) {
	auto sizes = at_(tensor).sizes();
	auto n = std::min<int>(sizes.size(), most);
	std::copy_n(sizes.begin(), n, dims);
	return n;
}

char *native_attention(void *query, void *key, void *value, void **out) {
	return tried([=] { *out = new torch::Tensor(at::scaled_dot_product_attention(at_(query), at_(key), at_(value))); });
}

void native_drop(void *module) { delete static_cast<torch::jit::Module *>(module); }
