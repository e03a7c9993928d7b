package eth_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
	"github.com/tasknet/tasknet/rewards/merkle"
)

// payForever is set to a chain's folder in a process that is there to be killed.
const payForever = "TASKNET_TEST_PAY_FOREVER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(payForever); dir != "" {
		fmt.Println(pay(context.Background(), dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// pay goes on where the chain is: each epoch it deposits, posts, and pays three people one micro-unit more. It prints a
// line for each thing that the chain says is confirmed.
func pay(ctx context.Context, dir string) error {
	d, err := eth.OpenDev(ctx, eth.DevConfig{Dir: dir})
	if err != nil {
		return err
	}
	for {
		roots, err := d.Roots(ctx)
		if err != nil {
			return err
		}
		epoch := roots.Epoch
		var before rewards.Header
		if epoch > 0 { // what may have been cut off
			tree, err := threePeople(d, epoch)
			if err != nil {
				return err
			}
			before = header(epoch, tree)
			if err := payAll(ctx, d, roots); err != nil {
				return err
			}
		}
		if _, err := d.Drip(ctx, [32]byte{9}, tasknet.Micro(6)); err != nil {
			return err
		}
		fmt.Println("deposited")
		tree, err := threePeople(d, epoch+1)
		if err != nil {
			return err
		}
		if _, err := d.PostRoot(ctx, before, header(epoch+1, tree)); err != nil {
			return err
		}
		fmt.Println("posted", epoch+1)
	}
}

func threePeople(d *eth.Dev, each int64) (*merkle.Tree, error) {
	leaves := make([]merkle.Leaf, 3)
	for i := range leaves {
		leaves[i] = merkle.Leaf{Address: person(i), Cumulative: d.Info().Base(tasknet.Micro(int64(i+1) * each))}
	}
	return merkle.New(leaves)
}

func payAll(ctx context.Context, d *eth.Dev, roots rewards.Roots) error {
	epoch := roots.Epoch
	tree, err := threePeople(d, epoch)
	if err != nil {
		return err
	}
	h := header(epoch, tree)
	if h.Hash() != roots.Header {
		return fmt.Errorf("epoch %d has another root than the one that was posted", epoch)
	}
	if _, err := d.Claim(ctx, h, tree.Leaves(0, 3), tree.Multi(0, 3)); err != nil {
		return err
	}
	fmt.Println("paid", epoch)
	return nil
}

// TestKilled kills a process that pays, again and again at another step, and goes on with its chain.
func TestKilled(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	var deposited, posted, paidThrough int64
	for _, lines := range []int{2, 3, 5, 7, 13, 40} {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), payForever+"="+dir)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		for scan := bufio.NewScanner(out); lines > 0; lines-- {
			if !scan.Scan() {
				t.Fatalf("the paying process ended early: %v", scan.Err())
			}
			if _, err := fmt.Sscanf(scan.Text(), "posted %d", &posted); err == nil {
				continue
			}
			if _, err := fmt.Sscanf(scan.Text(), "paid %d", &paidThrough); err == nil {
				continue
			}
			if scan.Text() != "deposited" {
				t.Fatalf("the paying process says %q", scan.Text())
			}
			deposited++
		}
		if _, err := eth.OpenDev(ctx, eth.DevConfig{Dir: dir}); !errors.Is(err, eth.ErrInUse) {
			t.Errorf("opened beside another process: %v, want %v", err, eth.ErrInUse)
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := child.Wait(); err == nil {
			t.Fatal("the paying process was not killed")
		}

		d := open(t, dir)
		roots, err := d.Roots(ctx)
		epoch := roots.Epoch
		if err != nil || epoch < posted || epoch > posted+1 {
			t.Fatalf("the vault has the root of epoch %d, %v; %d was confirmed", epoch, err, posted)
		}
		claimed, err := d.Claimed(ctx, []rewards.Address{person(0)})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := d.Info().Amount(claimed[0]); err != nil || got.Micro() < paidThrough || got.Micro() > epoch {
			t.Fatalf("the first person was paid %v, %v; %d micro-units were confirmed", got, err, paidThrough)
		}
		all, _, err := d.Events(ctx, 0)
		if n := int64(len(all)); err != nil || n < deposited || n > deposited+1 {
			t.Fatalf("%d deposits, %v; %d were confirmed", n, err, deposited)
		} else {
			deposited = n
		}
		// The flow goes on: what was cut off is done again, and done once.
		if epoch > 0 {
			tree, err := threePeople(d, epoch)
			if err != nil || header(epoch, tree).Hash() != roots.Header {
				t.Fatalf("the root of epoch %d is not the one posted: %v", epoch, err)
			}
			claim(t, d, epoch, tree, 0, 3)
			paid(t, d, 3, 3, epoch)
		}
		posted, paidThrough = epoch, epoch
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
