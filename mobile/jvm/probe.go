//go:build jvm

// Tells the test in Java what Go holds. .ci/sdk-jvm puts it beside what gobind made, in the library that the test loads; no app has it.
package main

/*
#include <jni.h>
#include <malloc.h>

static long long in_use(void) {
	struct mallinfo2 m = mallinfo2();
	return m.uordblks + m.hblkhd;
}

static void tell(JNIEnv *env, jlongArray out, jlong *held, jsize n) {
	(*env)->SetLongArrayRegion(env, out, 0, n, held);
}
*/
import "C"

import (
	"runtime"
	"sync"
	_ "unsafe" // for the table of package seq
)

type countedObj struct {
	obj any
	cnt int32
}

// refs are the objects of Go that Java has been given.
//
//go:linkname refs golang.org/x/mobile/bind/seq.refs
var refs struct {
	sync.Mutex
	next int32
	refs map[any]int32
	objs map[int32]countedObj
}

// Java_Contract_goHolds collects Go's garbage, whose finalizers give objects back to Java, and tells: objects that Java has been
// given, how often, and goroutines; and what is held in bytes, of Go's heap and of C's, and how many objects Go's heap has.
//
//export Java_Contract_goHolds
func Java_Contract_goHolds(env *C.JNIEnv, _ C.jclass, out C.jlongArray) {
	runtime.GC()
	runtime.GC() // what the first one's finalizers let go
	var heap runtime.MemStats
	runtime.ReadMemStats(&heap)
	refs.Lock()
	objects, times := len(refs.objs), int32(0)
	for _, o := range refs.objs {
		times += o.cnt
	}
	refs.Unlock()
	held := [...]C.jlong{C.jlong(objects), C.jlong(times), C.jlong(runtime.NumGoroutine()), C.jlong(heap.HeapAlloc), C.jlong(C.in_use()), C.jlong(heap.HeapObjects)}
	C.tell(env, out, &held[0], C.jsize(len(held)))
}
