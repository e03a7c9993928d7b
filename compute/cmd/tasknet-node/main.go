// Command tasknet-node turns labels into models on the machine that it runs on.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

var version = "" // set when the program is built

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(Main(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
