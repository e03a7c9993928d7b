package torchscript

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tasknet/tasknet"
)

// ErrBad reports a file that is no TorchScript module, or one that nodes do not run.
var ErrBad = tasknet.NewError(tasknet.Invalid, "bad_torchscript", "The file is not a TorchScript module that can be used here.")

// Bad is ErrBad with what is wrong.
func Bad(format string, args ...any) error {
	return tasknet.NewError(tasknet.Invalid, ErrBad.Code, "The file is not a TorchScript module that can be used here: "+fmt.Sprintf(format, args...)+".")
}

// BytesMax is the longest module that nodes run.
const BytesMax = 2 << 30

// Limits of archives.
const (
	entriesMax   = 10_000
	directoryMax = 4 << 20 // bytes of what lists the files
	codeMax      = 4 << 20 // bytes of one file of code, and of all that is compressed together
	textMax      = 4 << 20 // bytes of all code and pickles
	versionMax   = 64      // bytes of what is a number or a word
)

type entry struct {
	name  *regexp.Regexp
	text  bool // read as code or pickle
	large bool // numbers of a tensor
	left  bool // out: where in its maker's files the code was, which libtorch would unpickle
}

// entries are the files that a module has, by the path below its folder. What is not among them is refused: a folder of
// torch.save has data.pkl without code, and an archive for phones has bytecode.pkl.
var entries = []entry{
	{name: regexp.MustCompile(`^(data|constants)\.pkl$`), text: true},
	{name: regexp.MustCompile(`^(data|constants)/\d+$`), large: true},
	{name: regexp.MustCompile(`^code/[\w./<>-]+\.py$`), text: true},
	{name: regexp.MustCompile(`^code/[\w./<>-]+\.debug_pkl$`), left: true},
	{name: regexp.MustCompile(`^(version|byteorder|\.format_version|\.storage_alignment|\.data/\w+)$`)},
}

// Check reports whether a file of so many bytes is a module that nodes run, as far as that is seen without libtorch. It reads code and
// pickles, but no numbers that are not compressed, and runs nothing. ErrBad.
//
// What is refused here is what would run while libtorch reads it: code that sets a state, classes in C++, and operations that
// are not among those that models need. The pickles in a module are read by libtorch's own reader, which makes tensors and the
// module's classes, and calls nothing.
func Check(r io.ReaderAt, size int64) error { return check(r, size, nil) }

// Clean checks a module likewise, and returns it as an archive of the files that were checked and of nothing else, so that what is
// checked is what libtorch reads. ErrBad.
func Clean(r io.ReaderAt, size int64) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(int(min(max(size, 0), BytesMax))) // it is not copied while it grows
	clean := zip.NewWriter(&out)
	if err := check(r, size, clean); err != nil {
		return nil, err
	}
	err := clean.Close()
	return out.Bytes(), err
}

// check checks a module, and copies its files where there is somewhere to copy them to.
func check(r io.ReaderAt, size int64, to *zip.Writer) error {
	if size > BytesMax {
		return Bad("it has more than %d bytes", BytesMax)
	}
	bounded := &budget{r, directoryMax}
	archive, err := zip.NewReader(bounded, size)
	if errors.Is(err, errDirectory) {
		return Bad("the list of its files is longer than %d bytes", directoryMax)
	}
	if err != nil {
		return Bad("it is not a zip archive")
	}
	if len(archive.File) > entriesMax {
		return Bad("it has more than %d files", entriesMax)
	}
	bounded.left = -1
	seen := make(map[string]bool)
	limit := size + codeMax // more is there only by what is compressed, or several times
	total, packed, texts, root := int64(0), int64(0), int64(0), ""
	for _, f := range archive.File {
		folder, name, _ := strings.Cut(f.Name, "/")
		if root == "" {
			root = folder
		}
		at := slices.IndexFunc(entries, func(e entry) bool { return e.name.MatchString(name) })
		switch {
		case folder != root || folder == "" || at < 0 || path.Clean(name) != name || !f.Mode().IsRegular():
			return Bad("a module has no %q", f.Name)
		case seen[name]:
			return Bad("%q is there twice", f.Name)
		}
		seen[name] = true
		kind := entries[at]
		if kind.left {
			continue
		}
		most := limit - total
		if !kind.large {
			most = min(most, codeMax)
		}
		if kind.text {
			most = min(most, textMax-texts)
		}
		if f.Method != zip.Store {
			most = min(most, codeMax-packed) // numbers are never compressed, and what is could be a bomb
		}
		if kind.large && f.Method == zip.Store && to == nil {
			if most < 0 || f.UncompressedSize64 > uint64(most) || f.CompressedSize64 != f.UncompressedSize64 {
				return Bad("%q is too large, unpacked", f.Name)
			}
			total += int64(f.UncompressedSize64)
			continue
		}
		into := io.Discard
		if to != nil {
			if into, err = to.CreateHeader(&zip.FileHeader{Name: "module/" + name, Method: zip.Store}); err != nil {
				return err
			}
		}
		var content bytes.Buffer
		if !kind.large {
			into = io.MultiWriter(into, &content)
		}
		n, err := unpack(into, f, most)
		if err != nil {
			return err
		}
		total += n
		if f.Method != zip.Store {
			packed += n
		}
		if kind.text {
			texts += n
			if err := checkText(name, content.Bytes()); err != nil {
				return err
			}
		} else if !kind.large && n > versionMax {
			return Bad("%q is too long", f.Name)
		}
	}
	if !seen["data.pkl"] || !seen["constants.pkl"] || !seen["version"] {
		return Bad("it has no code: a pickle that torch.save wrote is not TorchScript")
	}
	return nil
}

// budget reads so many bytes, then fails; with a number below 0 it reads all.
type budget struct {
	io.ReaderAt
	left int64
}

var errDirectory = errors.New("the directory is too long")

// ReadAt implements io.ReaderAt.
func (b *budget) ReadAt(into []byte, at int64) (int, error) {
	if b.left >= 0 {
		if b.left -= int64(len(into)); b.left < 0 {
			b.left = 0
			return 0, errDirectory
		}
	}
	return b.ReaderAt.ReadAt(into, at)
}

// unpack unpacks a file of at most so many bytes, whatever its header says, and returns how many it has.
func unpack(to io.Writer, f *zip.File, most int64) (n int64, err error) {
	in, err := f.Open()
	if err != nil {
		return 0, Bad("%q cannot be unpacked", f.Name)
	}
	n, err = io.Copy(to, io.LimitReader(in, most+1))
	if closed := in.Close(); err != nil || closed != nil {
		return 0, Bad("%q cannot be unpacked", f.Name)
	}
	if n > most {
		return 0, Bad("%q is too large, unpacked", f.Name)
	}
	return n, nil
}

var (
	comments = regexp.MustCompile(`#[^\n]*`)
	literals = regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`)
	called   = regexp.MustCompile(`(?:^|[^\w.])(?:torch|ops\s*\.\s*(\w+))\s*\.\s*(\w+)`)
	words    = regexp.MustCompile(`\w+`)

	// forbidden are names by which code would reach files, or run while it is read.
	forbidden = map[string]bool{
		"__setstate__": true, "__getstate__": true, "from_file": true, "save": true, "load": true, "classes": true, "fork": true, "_fork": true, "rpc_async": true, "rpc_sync": true, "rpc_remote": true,
	}
)

// checkText looks at code and at pickles, before libtorch compiles and reads them.
func checkText(name string, content []byte) error {
	text := string(content)
	if strings.HasSuffix(name, ".pkl") {
		if strings.Contains(text, "__torch__.torch.classes") {
			return Bad("%s has classes in C++", name)
		}
		return nil
	}
	for _, quoted := range literals.FindAllString(text, -1) { // getattr names what it wants in quotes
		if word := quoted[1 : len(quoted)-1]; forbidden[word] || strings.Contains(word, "\\") && !plain(word) {
			return Bad("%s names %s", name, quoted)
		}
	}
	text = comments.ReplaceAllString(literals.ReplaceAllString(text, `""`), "")
	for _, word := range words.FindAllString(text, -1) {
		if forbidden[word] {
			return Bad("%s has %s", name, word)
		}
	}
	for _, m := range called.FindAllStringSubmatch(text, -1) {
		space, op := m[1], m[2]
		if space == "" { // torch.relu
			space = "aten"
		}
		if !Allows(space, op) {
			return Bad("%s calls %s", name, strings.TrimSpace(strings.TrimLeft(m[0], "([{,=-+ \n\t")))
		}
	}
	return nil
}

// plain tells whether a literal's escapes are only those of messages for people.
func plain(word string) bool {
	for at := strings.IndexByte(word, '\\'); at >= 0 && at+1 < len(word); {
		if !strings.ContainsRune(`nt"'\`, rune(word[at+1])) {
			return false
		}
		next := strings.IndexByte(word[at+2:], '\\')
		if next < 0 {
			return true
		}
		at += 2 + next
	}
	return true
}

// Allows reports whether a module may have an operation, such as relu of aten.
func Allows(space, op string) bool { return (space == "aten" || space == "prim") && operations[op] }

// operations are those of libtorch that a module may have: arithmetic, and what code is made of. None reads or writes files,
// starts threads or other programs, or looks at memory that is not a tensor's.
var operations = func() map[string]bool {
	known := make(map[string]bool)
	for _, name := range strings.Fields(`
		Constant GetAttr SetAttr CallMethod CallFunction If Loop ListConstruct ListUnpack TupleConstruct TupleUnpack TupleIndex TupleSlice
		DictConstruct RaiseException Uninitialized Return unchecked_cast unchecked_unwrap_optional uninitialized annotate NumToTensor ImplicitTensorToNum
		TensorToNum dtype device shape layout is_cuda is_cpu is_nested requires_grad data min max isinstance EnumValue Size

		__and__ __or__ __xor__ __not__ __is__ __isnot__ __contains__ __getitem__ __derive_index __range_length __round_to_zero_floordiv
		_set_item append extend insert pop clear reverse keys values items len list dict get format Int Float Bool IntImplicit FloatImplicit
		ScalarImplicit str ord warn is_floating_point is_complex numel dim size stride is_contiguous item

		add sub mul div rsub neg abs sign pow sqrt rsqrt square exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh
		floor ceil round trunc frac fmod remainder floordiv floor_divide true_divide reciprocal clamp clamp_min clamp_max maximum minimum
		eq ne lt le gt ge logical_and logical_or logical_not logical_xor bitwise_and bitwise_or bitwise_not isnan isinf isfinite nan_to_num
		add_ sub_ mul_ div_ pow_ sqrt_ exp_ clamp_ neg_ abs_ fill_ zero_ copy_ masked_fill_ index_put_ relu_ sigmoid_ tanh_ hardtanh_ silu_
		leaky_relu_ elu_ hardswish_ hardsigmoid_ relu6_ squeeze_ unsqueeze_ t_ transpose_

		relu relu6 elu selu celu gelu silu mish softplus softsign hardtanh hardswish hardsigmoid leaky_relu prelu sigmoid log_sigmoid tanh
		softmax log_softmax _softmax softmin glu erf erfc lgamma threshold

		matmul mm bmm mv dot addmm addmv baddbmm addbmm linear bilinear einsum tensordot outer kron addcmul addcdiv lerp
		conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d _convolution convolution
		max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d
		adaptive_max_pool1d adaptive_max_pool2d max_pool2d_with_indices lp_pool2d pixel_shuffle pixel_unshuffle
		batch_norm layer_norm group_norm instance_norm native_layer_norm local_response_norm normalize
		embedding embedding_bag dropout feature_dropout alpha_dropout dropout_ gru lstm rnn_tanh rnn_relu gru_cell lstm_cell
		scaled_dot_product_attention _scaled_dot_product_attention multi_head_attention_forward _native_multi_head_attention

		reshape view view_as reshape_as flatten unflatten permute transpose t contiguous squeeze unsqueeze expand expand_as repeat
		repeat_interleave tile cat concat stack hstack vstack split split_with_sizes chunk unbind select slice narrow index index_select
		gather scatter scatter_add masked_fill masked_select where take take_along_dim flip roll rot90 tril triu diag diagonal movedim swapaxes
		pad constant_pad_nd reflection_pad1d reflection_pad2d replication_pad1d replication_pad2d unfold fold im2col col2im
		upsample_nearest1d upsample_nearest2d upsample_bilinear2d upsample_bicubic2d upsample_linear1d interpolate grid_sampler affine_grid_generator
		sum mean prod std var var_mean std_mean amax amin argmax argmin norm linalg_vector_norm cumsum cumprod logsumexp topk sort argsort
		any all nonzero unique_consecutive bincount median mode kthvalue count_nonzero

		zeros ones full empty zeros_like ones_like full_like empty_like new_zeros new_ones new_full new_empty arange linspace eye tensor scalar_tensor
		one_hot to type_as clone detach detach_ float double half bfloat16 long int bool cpu alias expand_copy lift_fresh`) {
		known[name] = true
	}
	return known
}()
