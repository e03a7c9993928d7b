// Guest is what tests run: a program that does what its first argument says.
package main

import (
	"os"
	"strconv"
	"time"
	"unsafe"
)

//go:wasmimport wasi_snapshot_preview1 sock_accept
func sockAccept(fd, flags int32, accepted unsafe.Pointer) int32

//go:wasmimport wasi_snapshot_preview1 random_get
func randomGet(at unsafe.Pointer, size int32) int32

func check(err error) {
	if err != nil {
		println(err.Error())
		os.Exit(1)
	}
}

var sink [][]byte

func main() {
	switch os.Args[1] {
	case "work":
		work()
	case "loop":
		for {
		}
	case "grow":
		for {
			sink = append(sink, make([]byte, 1<<20))
		}
	case "escape":
		escape()
	case "fill":
		f, err := os.Create("/out/all")
		check(err)
		for {
			_, err := f.Write(make([]byte, 1<<20))
			check(err)
		}
	case "sparse":
		f, err := os.Create("/out/all")
		check(err)
		_, err = f.WriteAt([]byte{1}, 10<<30)
		check(err)
	case "files":
		for i := range 2000 {
			check(os.WriteFile("/out/"+strconv.Itoa(i), nil, 0o600))
		}
	case "exit":
		println("This is why.")
		os.Exit(3)
	case "shout":
		for range 5 << 10 {
			_, err := os.Stdout.Write(make([]byte, 1<<10))
			check(err)
		}
	}
}

// work writes all that could differ from one run to the next.
func work() {
	words, err := os.ReadFile("/in/words.txt")
	check(err)
	var chance [8]byte
	if randomGet(unsafe.Pointer(&chance), 8) != 0 {
		os.Exit(1)
	}
	began := time.Now()
	time.Sleep(time.Hour)
	text := strconv.Itoa(len(words)) + " bytes, part " + os.Getenv("TASKNET_PART") + " of " + os.Getenv("TASKNET_PARTS") + ", argument " + os.Args[2] +
		", " + strconv.Itoa(len(os.Environ())) + " variables, " + began.UTC().Format(time.RFC3339Nano) + "\n"
	check(os.WriteFile("/out/new", []byte(text), 0o600))
	check(os.Rename("/out/new", "/out/count"))
	check(os.WriteFile("/out/chance", chance[:], 0o600))
	check(os.WriteFile("/out/gone", chance[:], 0o600))
	check(os.Remove("/out/gone"))
	f, err := os.OpenFile("/out/count", os.O_APPEND|os.O_WRONLY, 0)
	check(err)
	_, err = f.WriteString("more\n")
	check(err)
	info, err := f.Stat()
	check(err)
	entries, err := os.ReadDir("/out")
	check(err)
	println(info.Size(), len(entries), entries[0].Name())
	os.Stdout.WriteString("done\n")
}

// escape ends with a status for the first thing that it could do and should not.
func escape() {
	for i, path := range []string{"/etc/passwd", "../etc/passwd", "/in/../../etc/passwd", "/out/../../../etc/passwd", "/proc/self/environ", "/in/words.txt/../../../etc/passwd"} {
		if _, err := os.ReadFile(path); err == nil {
			os.Exit(10 + i)
		}
	}
	for i, path := range []string{"/in/words.txt", "/new", "/out/folder/new", "/in/new"} {
		if os.WriteFile(path, []byte("x"), 0o600) == nil {
			os.Exit(20 + i)
		}
	}
	for i, failed := range []error{
		os.Mkdir("/out/folder", 0o700), os.Symlink("/etc/passwd", "/out/link"), os.Link("/in/words.txt", "/out/words"), os.Remove("/in/words.txt"), os.Rename("/in/words.txt", "/out/words"),
	} {
		if failed == nil {
			os.Exit(30 + i)
		}
	}
	var accepted int32
	for fd := range int32(8) {
		if sockAccept(fd, 0, unsafe.Pointer(&accepted)) == 0 {
			os.Exit(40 + int(fd))
		}
	}
}
