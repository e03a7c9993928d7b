//go:build gotch && cgo

package torch

// #include <stdlib.h>
import "C"

import (
	"fmt"
	"runtime"
	"strings"
	"unsafe"

	lib "github.com/sugarme/gotch/libtch"
)

// tensor is an array of libtorch's. What gotch has above it takes 100 kB of Go's memory for each, and a finalizer to free it.
type tensor = lib.Ctensor

// tape holds what some work made, to free it when that is done.
type tape struct {
	tensors []tensor
	scalars []lib.Cscalar
}

// failure is what libtorch says went wrong. It is panicked with on a session's thread, and is an error outside of it.
type failure struct{ doing, message string }

func (f failure) Error() string { return "libtorch: " + f.doing + ": " + f.message }

// firstLine leaves out where in libtorch it happened.
func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// said takes the error that libtorch left on this thread.
func said() (string, bool) {
	p := unsafe.Pointer(lib.GetAndResetLastErr())
	if p == nil {
		return "", false
	}
	defer C.free(p)
	return firstLine(C.GoString((*C.char)(p))), true
}

// check panics when what was done last failed.
func check(doing string) {
	if message, failed := said(); failed {
		panic(failure{doing, message})
	}
}

// keep has a tensor freed with the tape. Nil says that what should have made it failed.
func (t *tape) keep(doing string, made tensor) tensor {
	if made == nil {
		message, _ := said()
		panic(failure{doing, message})
	}
	t.tensors = append(t.tensors, made)
	return made
}

// op runs an operation of libtorch that makes a tensor.
func (t *tape) op(doing string, run func(out *tensor)) tensor {
	var out tensor
	run(&out)
	return t.keep(doing, out)
}

func (t *tape) number(v float64) lib.Cscalar {
	s := lib.AtsFloat(v)
	t.scalars = append(t.scalars, s)
	return s
}

func (t *tape) free() {
	for _, made := range t.tensors {
		lib.AtFree(made)
	}
	for _, made := range t.scalars {
		lib.AtsFree(made)
	}
	t.tensors, t.scalars = t.tensors[:0], t.scalars[:0]
}

// thread is one of the system's. Libtorch keeps errors, gradients and precision by thread, and a pool of helpers for each that
// calls it, so that a session stays on its own.
type thread struct {
	work chan func()
	done chan struct{}
}

func newThread() *thread {
	t := &thread{work: make(chan func()), done: make(chan struct{})}
	go func() {
		defer close(t.done)
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		for f := range t.work {
			f()
		}
	}()
	return t
}

// do runs f on the thread, frees what it has made, and returns what it panicked with if that came from libtorch.
func (t *thread) do(f func(*tape)) (err error) {
	ended := make(chan any)
	t.work <- func() {
		var made tape
		defer func() {
			made.free()
			ended <- recover()
		}()
		f(&made)
	}
	switch why := (<-ended).(type) {
	case nil:
		return nil
	case failure:
		return why
	default:
		panic(fmt.Sprint(why))
	}
}

func (t *thread) end() {
	close(t.work)
	<-t.done
}
