package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"

	"github.com/skip2/go-qrcode"

	"github.com/tasknet/tasknet/rewards/eth"
)

// Serve builds an instance, tells on out how to use it, and runs it until ctx ends.
func Serve(ctx context.Context, cfg Config, out io.Writer) error {
	a, err := New(ctx, cfg)
	if err != nil {
		return err
	}
	first, err := a.Prepare(ctx)
	if err != nil {
		return errors.Join(err, a.group.closeAll())
	}
	if err := a.greet(out, first); err != nil {
		return errors.Join(err, a.group.closeAll())
	}
	if err := a.Run(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "\nStopped. The next start goes on from here.")
	return err
}

// greet tells where the server is and how to ask it something.
func (a *App) greet(out io.Writer, first First) error {
	address := a.URL()
	w := &sticky{w: out}
	w.printf("TaskNet is at  %s\n", address)
	w.printf("Data is in     %s\n", a.cfg.Data)
	if !a.webBuilt {
		w.printf("The web app is not built into this binary; a page that says how to build it is served in its place.\n")
	}
	if u, err := url.Parse(address); err == nil && !isLoopback(u.Hostname()) {
		if code, err := qrcode.New(address, qrcode.Medium); err == nil {
			w.printf("\n%s\n", code.ToSmallString(false))
		}
	}
	if dev, ok := a.chain.(*eth.Dev); ok && a.cfg.Chain.DevRPC != "" {
		w.printf("\nThe development chain is at %s (JSON-RPC). The key in %s has coins there, and mints its test\n", dev.Endpoint(), filepath.Join(a.cfg.Data, "chain", "keys", "minter"))
		w.printf("tokens: mint(address,uint256) of 0x%x. The vault is 0x%x.\nContracts ask at 0x%x; a sample that does, MessageBoard.sol, is 0x%x.\n", dev.Info().Token, dev.Info().Vault, dev.Info().Oracle, dev.Board())
		w.printf("Owners of nodes stake at 0x%x; the court of it has the key in %s.\n", dev.Info().Stake.Contract, filepath.Join(a.cfg.Data, "chain", "keys", "relayer"))
	}
	w.printf("\nAnswer questions at %s, ask and look on at %s/console. One browser profile is one person.\n", address, address)
	const another = "Another:  on the page /console, or tasknet serve --new-key NAME when this one is stopped"
	if first.Key == "" {
		w.printf("\nAn API key was made at the first start.\n%s\n", another)
		return w.err
	}
	w.printf("\nAPI key, shown once and stored hashed:\n  %s\n%s\n", first.Key, another)
	if !a.chain.Info().Dev {
		w.printf("\nDeposit first: tasknet deposits tells how.\n")
	}
	w.printf("\nAsk a question:\n  curl %s/v1/questions -H 'Authorization: Bearer %s' \\\n", address, first.Key)
	w.printf("    -H 'Content-Type: application/json' -H 'Idempotency-Key: my-first' \\\n")
	w.printf("    -d '{\"text\":\"Is this spam? You have won a phone.\",\"choices\":[\"yes\",\"no\"]}'\n")
	return w.err
}

// reachable returns the address that clients can use for one that a server listens on: for all interfaces that of the
// first one beyond this machine.
func reachable(listening net.Addr) string {
	at, err := netip.ParseAddrPort(listening.String())
	if err != nil || !at.Addr().IsUnspecified() {
		return listening.String()
	}
	addresses, _ := net.InterfaceAddrs() // without them this machine's own name is right
	for _, a := range addresses {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() && p.Addr().IsGlobalUnicast() {
			return netip.AddrPortFrom(p.Addr(), at.Port()).String()
		}
	}
	return fmt.Sprintf("localhost:%d", at.Port())
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && a.IsLoopback())
}

// sticky writes until the first error and keeps it.
type sticky struct {
	w   io.Writer
	err error
}

func (s *sticky) printf(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.w, format, args...)
	}
}
