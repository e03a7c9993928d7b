package app

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/tlog"
)

const (
	// keysEvery is how often a server looks for a new key, and for what another server of its database made of one.
	keysEvery = 2 * time.Second

	// keyAhead is how long before it takes its place a new key is stated: by then all servers of a database have read that.
	keyAhead = time.Minute

	// logKeysTogether is for how long the key before signs the public log's checkpoints beside a new one, for who knows no other yet:
	// witnesses, and apps that have not been opened since.
	logKeysTogether = 30 * 24 * time.Hour
)

// Errors of the server's own keys.
var (
	ErrNoKeys   = tasknet.NewError(tasknet.Invalid, "no_keys", "There are no keys in this data folder: no server has run on it. Give the folder of the server with --data or DATA.")
	ErrOtherKey = tasknet.NewError(tasknet.Invalid, "other_key", "A key in the data folder is not the one that the database names; bring back the folder that belongs to it.")
)

// keyRing is the server's own keys of a use. The first is in a file of the folder of keys, and each that takes the place of one in a
// file beside it, whose name ends in its number: what makes one is that the file is there.
type keyRing struct {
	use      polls.KeyUse
	file     string        // of the first
	together time.Duration // for how long the key before signs beside one
	instance string
	changes  keyChanges
	now      func() time.Time
	log      *slog.Logger

	mu      sync.Mutex
	public  *polls.ServerKeys
	private map[int]ed25519.PrivateKey // by number, as far as they were needed
}

// keyChanges keeps what is public of keys; see pipeline.Pipeline.
type keyChanges interface {
	KeyChanges(ctx context.Context, use polls.KeyUse) ([]polls.KeyChange, error)
	ChangeKey(ctx context.Context, c polls.KeyChange) error
}

// keyFile returns the file of the first key of a use.
func keyFile(data string, use polls.KeyUse) string {
	name := "log"
	if use == polls.ReceiptKeys {
		name = "receipt"
	}
	return filepath.Join(data, "keys", name)
}

func numbered(first string, number int) string {
	if number == 1 {
		return first
	}
	return first + "." + strconv.Itoa(number)
}

// MakeKey makes a key of a use in a data folder, that takes the place of the one which was made last. The server that runs on the folder,
// or is started there next, has it do so. It returns the public key and the file. ErrNoKeys.
func MakeKey(data string, use polls.KeyUse) (ed25519.PublicKey, string, error) {
	if data == "" {
		var err error
		if data, err = dataFolder(); err != nil {
			return nil, "", err
		}
	}
	first := keyFile(data, use)
	files, err := os.ReadDir(filepath.Dir(first))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, "", err
	}
	last := 0
	for _, f := range files {
		suffix, ok := strings.CutPrefix(f.Name(), filepath.Base(first))
		if ok && suffix == "" {
			last = max(last, 1)
		}
		if number, err := strconv.Atoi(strings.TrimPrefix(suffix, ".")); ok && err == nil && number > 1 && numbered(first, number) == first+suffix {
			last = max(last, number)
		}
	}
	if last == 0 {
		return nil, "", ErrNoKeys
	}
	file := numbered(first, last+1)
	seed, err := newSecret(file)
	if err != nil {
		return nil, "", err
	}
	return ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey), file, nil
}

// open reads the keys, and makes the first when there is none.
func (k *keyRing) open(ctx context.Context) error {
	k.private = make(map[int]ed25519.PrivateKey)
	changes, err := k.changes.KeyChanges(ctx, k.use)
	if err != nil {
		return err
	}
	if len(changes) > 0 {
		return k.take(changes)
	}
	seed, err := secret(k.file)
	if err != nil {
		return err
	}
	key := ed25519.NewKeyFromSeed(seed)
	k.private[1] = key
	k.public, err = polls.NewServerKeys(k.instance, k.use, [32]byte(key.Public().(ed25519.PublicKey)), nil)
	return err
}

// take takes up changes, the private keys that sign now or will, and lets go of those that sign no more.
func (k *keyRing) take(changes []polls.KeyChange) error {
	public, err := polls.NewServerKeys(k.instance, k.use, changes[0].Old, changes)
	if err != nil {
		return fmt.Errorf("%w (keys for %s)", ErrOtherKey, k.use)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	private := make(map[int]ed25519.PrivateKey)
	for number := 1; number <= public.Number(); number++ {
		if !k.signs(public, number) {
			continue
		}
		if private[number] = k.private[number]; private[number] == nil {
			if private[number], err = readKey(numbered(k.file, number)); err != nil {
				return err
			}
		}
		if !private[number].Public().(ed25519.PublicKey).Equal(public.Key(number)) {
			return fmt.Errorf("%w (%s)", ErrOtherKey, numbered(k.file, number))
		}
	}
	k.public, k.private = public, private
	return nil
}

// signs reports whether a key signs now, or will.
func (k *keyRing) signs(public *polls.ServerKeys, number int) bool {
	return number >= public.At(k.now()) || public.Changes()[number-1].Until.After(k.now())
}

func readKey(file string) (ed25519.PrivateKey, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOtherKey, err)
	}
	seed, err := secret(file)
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// run has keys take the place of others until ctx ends.
func (k *keyRing) run(ctx context.Context) error {
	tick := time.NewTicker(keysEvery)
	defer tick.Stop()
	for {
		if err := k.look(ctx); err != nil && ctx.Err() == nil {
			k.log.Error("a key could not take the place of another", "use", k.use, "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// look reads what there is of changes, and states the next if there is a key for it.
func (k *keyRing) look(ctx context.Context) error {
	changes, err := k.changes.KeyChanges(ctx, k.use)
	if err != nil {
		return err
	}
	if len(changes) > 0 {
		if err := k.take(changes); err != nil {
			return err
		}
	}
	next, err := k.next()
	if err != nil || next == nil {
		return err
	}
	if err := k.changes.ChangeKey(ctx, *next); err != nil {
		return err
	}
	if changes, err = k.changes.KeyChanges(ctx, k.use); err != nil {
		return err
	}
	if err := k.take(changes); err != nil {
		return err
	}
	now := changes[len(changes)-1]
	k.log.Info("a key takes the place of another", "use", k.use, "number", now.Number, "key", hex.EncodeToString(now.New[:]), "from", now.From)
	return nil
}

// next returns the statement of a key that was made and is not stated yet, nil for none.
func (k *keyRing) next() (*polls.KeyChange, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	last := k.public.Number()
	file := numbered(k.file, last+1)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	key, err := readKey(file)
	if err != nil {
		return nil, err
	}
	from := k.now().Add(keyAhead)
	if last > 1 {
		if before := k.public.Changes()[last-2].From; !from.After(before) {
			from = before.Add(keyAhead)
		}
	}
	from = from.UTC().Truncate(time.Millisecond)
	c := &polls.KeyChange{Use: k.use, Number: last + 1, From: from, Until: from.Add(k.together)}
	return c, c.Sign(k.instance, k.private[last], key)
}

// keys returns what is public of them.
func (k *keyRing) keys() *polls.ServerKeys {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.public
}

// signer returns the key that signs now.
func (k *keyRing) signer() ed25519.PrivateKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.private[k.public.At(k.now())]
}

// logKeys returns the keys that sign checkpoints: the one that does now, those before that still do, and those that will.
func (k *keyRing) logKeys() tlog.Keys {
	k.mu.Lock()
	defer k.mu.Unlock()
	out := tlog.Keys{All: k.public.All()}
	for number := 1; number <= k.public.Number(); number++ {
		if k.signs(k.public, number) {
			out.Sign = append(out.Sign, k.private[number])
		}
	}
	slices.Reverse(out.Sign)
	return out
}
