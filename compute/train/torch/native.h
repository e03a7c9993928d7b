// What gotch has no Go function for. Tensors are torch::Tensor pointers. What can fail returns NULL, or an error that the caller
// frees.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void native_threads(int n);

// Opens libtorch_cuda, and makes its arithmetic repeatable; or says why there is no device.
char *native_cuda(void);

// Has this thread compute in bfloat16 what is as good in it, or ends that.
char *native_bfloat16(int cuda, int on);

// Moves weights along gradients of loss as compute.Plan.Update does. Weights and moments are rows of the same length, of which
// the leaves are the parts in order, and the first count decay. second is NULL with momentum alone.
struct native_step {
	double rate, decay, momentum, clip, beta1, beta2, epsilon;
	int64_t count, steps;
};
char *native_update(void *loss, void **leaves, int n, void *weights, void *first, void *second, struct native_step s);

// The weighted sum over examples of the loss that compute.Loss names, but for cross entropy: gamma 0 is brier, others are focal.
char *native_loss(void *logits, void *targets, void *weights, double gamma, void **out);

// A part of a row as a tensor of its own that gradients are wanted of.
char *native_leaf(void *row, int64_t at, const int64_t *shape, int dims, void **out);

// Attention without a mask, which gotch cannot leave out.
char *native_attention(void *query, void *key, void *value, void **out);

// Writes a module with parameters and a method in TorchScript.
char *native_save(const char *source, const char **names, void **params, int n, const char *path);

// Reads a module, and says which operations its functions have, a line each. The caller frees both.
char *native_load(const char *bytes, size_t size, void **module, char **operations);

// Asks a module. What it draws by chance is the same each time.
char *native_run(void *module, void *input, void **output);

// Writes as many of a tensor's dimensions as there is room for, and returns how many that are.
int native_shape(void *tensor, int64_t *dims, int most);
void native_drop(void *module);

#ifdef __cplusplus
}
#endif
