package eth

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/tasknet/tasknet/rewards"
)

const (
	testKey        = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
	testPassphrase = "correct horse battery staple"
)

// private writes a file that its owner alone may read.
func private(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// sealed returns a key as a keystore.
func sealed(t *testing.T, digits, passphrase string) string {
	t.Helper()
	key, err := crypto.HexToECDSA(digits)
	if err != nil {
		t.Fatal(err)
	}
	text, err := keystore.EncryptKey(&keystore.Key{Address: addressOf(key), PrivateKey: key}, passphrase, keystore.LightScryptN, keystore.LightScryptP)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func accountOf(t *testing.T, digits string) common.Address {
	t.Helper()
	key, err := crypto.HexToECDSA(digits)
	if err != nil {
		t.Fatal(err)
	}
	return addressOf(key)
}

// TestKeys opens a key from everywhere that it can be, and nothing from where it cannot; and nobody ever reads in the log,
// in an error or in a printed setting what is to stay private.
func TestKeys(t *testing.T) {
	var logged bytes.Buffer
	log := slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	store, pass := sealed(t, testKey, testPassphrase), private(t, testPassphrase+"\n")
	loose := private(t, testKey)
	if err := os.Chmod(loose, 0o640); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		key  Key
		want error
	}{
		"hex in a file":           {Key{File: private(t, testKey+"\n")}, nil},
		"hex with 0x":             {Key{File: private(t, "0x"+testKey)}, nil},
		"a keystore":              {Key{File: private(t, store), PassphraseFile: pass}, nil},
		"the key itself":          {Key{Secret: testKey}, nil},
		"no file":                 {Key{File: filepath.Join(t.TempDir(), "none")}, ErrKey},
		"a file for all":          {Key{File: loose}, ErrKey},
		"a passphrase for all":    {Key{File: private(t, store), PassphraseFile: loose}, ErrKey},
		"too short":               {Key{File: private(t, testKey[1:])}, ErrKey},
		"not hex":                 {Key{File: private(t, "x"+testKey[1:])}, ErrKey},
		"too short itself":        {Key{Secret: Secret(testKey[1:])}, ErrKey},
		"not hex itself":          {Key{Secret: Secret("x" + testKey[1:])}, ErrKey},
		"another passphrase":      {Key{File: private(t, store), PassphraseFile: private(t, testPassphrase+"r")}, ErrKey},
		"no passphrase":           {Key{File: private(t, store)}, ErrKey},
		"half a keystore":         {Key{File: private(t, store[:len(store)/2]), PassphraseFile: pass}, ErrKey},
		"a keystore without salt": {Key{File: private(t, strings.Replace(store, "salt", "sugar", 1)), PassphraseFile: pass}, ErrKey},
		"a keystore of version 1": {Key{File: private(t, strings.Replace(store, `"version":3`, `"version":1`, 1)), PassphraseFile: pass}, ErrKey},
		"a keystore, flipped":     {Key{File: private(t, strings.Replace(store, `"ciphertext":"`, `"ciphertext":"00`, 1)), PassphraseFile: pass}, ErrKey},
		"an empty file":           {Key{File: private(t, "")}, ErrKey},
		"a signer that is no URL": {Key{Signer: "gopher://x", Account: rewards.Address{1}}, ErrSigner},
	} {
		source, err := c.key.open(context.Background(), log)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if err == nil && source.current().account() != accountOf(t, testKey) {
			t.Errorf("%s: opened as %s", name, source.current().account())
		}
		fmt.Fprintf(&logged, "%v %+v %#v %s %q %x %d", c.key, c.key, c.key, c.key, c.key, c.key.Secret, c.key.Secret)
		log.Info("said", "key", c.key, "secret", c.key.Secret, "config", Config{Key: c.key}, "error", err)
		if err := json.NewEncoder(&logged).Encode(Config{Key: c.key}); err != nil {
			t.Fatal(err)
		}
	}
	for _, never := range []string{testKey[1:], testKey[1:20], testPassphrase, hex.EncodeToString([]byte(testKey))[:40]} {
		if at := strings.Index(logged.String(), never); at >= 0 {
			t.Errorf("what is to stay private was said: %q", logged.String()[max(0, at-80):at+20])
		}
	}
}

func TestKeySettings(t *testing.T) {
	for name, key := range map[string]Key{
		"none":                        {},
		"two":                         {File: "a", Secret: "b"},
		"a passphrase of nothing":     {Secret: "b", PassphraseFile: "c"},
		"a signer without an account": {Signer: "http://127.0.0.1:1"},
		"an account without a signer": {File: "a", Account: rewards.Address{1}},
	} {
		if err := key.validate("posting"); !errors.Is(err, ErrConfig) {
			t.Errorf("%s: %v, want %v", name, err, ErrConfig)
		}
	}
}

// TestRotation moves another key to the place of the one that a sender uses: what was sent goes on, and the next is sent
// by the new one. What is no key does not stop the sender.
func TestRotation(t *testing.T) {
	const next = "8f2a55949038a9610f50fb23b5883af3b4ecb3c3bb792cbcefbd1542c692be63"
	file := private(t, testKey)
	var logged bytes.Buffer
	source, err := Key{File: file}.open(context.Background(), slog.New(slog.NewTextHandler(&logged, nil)))
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	for _, digits := range []string{testKey, next} {
		b.anvil.Do(t, nil, "anvil_setBalance", accountOf(t, digits), "0xde0b6b3a7640000")
	}
	b.sender.keys = source
	for _, step := range []struct {
		text string
		by   string
	}{
		{testKey, testKey}, {"no key", testKey}, {next, next},
	} {
		moved := private(t, step.text)
		if err := os.Rename(moved, file); err != nil {
			t.Fatal(err)
		}
		b.asked++
		in, err := settleIncluded(b.sender, &b.to, asked(b.asked))
		if err != nil {
			t.Fatalf("%q: %v", step.text, err)
		}
		tx, _, err := b.truth.TransactionByHash(context.Background(), in.TxHash)
		if err != nil {
			t.Fatal(err)
		}
		if by, err := types.Sender(b.sender.rules, tx); err != nil || by != accountOf(t, step.by) {
			t.Errorf("with %q in the file, %s sent, %v", step.text, by, err)
		}
	}
	if !strings.Contains(logged.String(), "cannot be read") || !strings.Contains(logged.String(), "another key now") || strings.Contains(logged.String(), next[:20]) {
		t.Errorf("the log says %s", logged.String())
	}
}

// fakeSigner speaks for a key as web3signer or clef do, and lies as it is told.
type fakeSigner struct {
	clef   bool
	twist  func(*types.DynamicFeeTx)
	digits string
	garble bool
	refuse bool
}

func (f *fakeSigner) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		ID     json.RawMessage
		Method string
		Params []toSign
	}
	reply := map[string]any{"jsonrpc": "2.0"}
	if err := json.NewDecoder(r.Body).Decode(&ask); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	reply["id"] = ask.ID
	switch want := map[bool]string{false: "eth_signTransaction", true: "account_signTransaction"}[f.clef]; {
	case ask.Method != want:
		reply["error"] = map[string]any{"code": noSuchMethod, "message": "the method does not exist"}
	case f.refuse:
		reply["error"] = map[string]any{"code": -32000, "message": "Request denied"}
	default:
		a := ask.Params[0]
		body := &types.DynamicFeeTx{
			ChainID: (*big.Int)(a.ChainID), Nonce: uint64(a.Nonce), Data: a.Data, Gas: uint64(a.Gas),
			GasTipCap: (*big.Int)(a.Tip), GasFeeCap: (*big.Int)(a.FeeCap), Value: (*big.Int)(&a.Value),
		}
		if a.To != "" {
			to, err := common.NewMixedcaseAddressFromString(a.To)
			if err != nil || !to.ValidChecksum() {
				http.Error(w, "bad checksum", http.StatusBadRequest)
				return
			}
			body.To = new(to.Address())
		}
		if f.twist != nil {
			f.twist(body)
		}
		key, _ := crypto.HexToECDSA(f.digits)
		tx, err := types.SignNewTx(key, types.LatestSignerForChainID(body.ChainID), body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		raw, _ := tx.MarshalBinary()
		if f.garble {
			raw = raw[1:]
		}
		reply["result"] = any("0x" + hex.EncodeToString(raw))
		if f.clef {
			reply["result"] = map[string]any{"raw": "0x" + hex.EncodeToString(raw), "tx": tx}
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(reply)
}

// TestSigners has both kinds of external signer sign, and lie about each field.
func TestSigners(t *testing.T) {
	const other = "8f2a55949038a9610f50fb23b5883af3b4ecb3c3bb792cbcefbd1542c692be63"
	chain := big.NewInt(31337)
	body := types.DynamicFeeTx{ChainID: chain, Nonce: 7, To: &common.Address{0xab, 0xcd, 0xef}, Data: []byte{1, 2}, Gas: 50_000, GasTipCap: gwei(1), GasFeeCap: gwei(3)}
	deploy := body
	deploy.To = nil
	for name, c := range map[string]struct {
		signer fakeSigner
		body   types.DynamicFeeTx
		want   error
	}{
		"web3signer":          {fakeSigner{digits: testKey}, body, nil},
		"clef":                {fakeSigner{digits: testKey, clef: true}, body, nil},
		"making a contract":   {fakeSigner{digits: testKey}, deploy, nil},
		"refused":             {fakeSigner{digits: testKey, refuse: true}, body, ErrSigner},
		"refused by clef":     {fakeSigner{digits: testKey, refuse: true, clef: true}, body, ErrSigner},
		"another's signature": {fakeSigner{digits: other}, body, ErrSigner},
		"garbled":             {fakeSigner{digits: testKey, garble: true}, body, ErrSigner},
		"another nonce":       {fakeSigner{digits: testKey, twist: func(b *types.DynamicFeeTx) { b.Nonce++ }}, body, ErrSigner},
		"another receiver":    {fakeSigner{digits: testKey, twist: func(b *types.DynamicFeeTx) { b.To = &common.Address{8} }}, body, ErrSigner},
		"with money":          {fakeSigner{digits: testKey, twist: func(b *types.DynamicFeeTx) { b.Value = big.NewInt(1) }}, body, ErrSigner},
		"other data":          {fakeSigner{digits: testKey, twist: func(b *types.DynamicFeeTx) { b.Data = []byte{1, 3} }}, body, ErrSigner},
		"more gas":            {fakeSigner{digits: testKey, twist: func(b *types.DynamicFeeTx) { b.Gas++ }}, body, ErrSigner},
		"a higher tip":        {fakeSigner{digits: testKey, twist: func(b *types.DynamicFeeTx) { b.GasTipCap = gwei(2) }}, body, ErrSigner},
		"a higher cap":        {fakeSigner{digits: testKey, twist: func(b *types.DynamicFeeTx) { b.GasFeeCap = gwei(4) }}, body, ErrSigner},
		"another chain":       {fakeSigner{digits: testKey, twist: func(b *types.DynamicFeeTx) { b.ChainID = big.NewInt(1) }}, body, ErrSigner},
	} {
		server := httptest.NewServer(&c.signer)
		source, err := Key{Signer: server.URL, Account: rewards.Address(accountOf(t, testKey))}.open(context.Background(), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			tx, err := source.current().sign(context.Background(), chain, &c.body)
			if !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
			if err == nil && (tx.Nonce() != 7 || !bytes.Equal(tx.Data(), body.Data)) {
				t.Errorf("%s: signed %+v", name, tx)
			}
		}
		server.Close()
		if _, err := source.current().sign(context.Background(), chain, &c.body); !errors.Is(err, ErrSigner) || strings.Contains(err.Error(), server.URL) {
			t.Errorf("%s, gone: %v, want %v without the address", name, err, ErrSigner)
		}
	}
}

// TestSilentSigner asks one that takes requests and never answers: who waits for a signature holds up all that comes after.
func TestSilentSigner(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then it sees that we hang up
		<-r.Context().Done()
	}))
	defer server.Close()
	r, err := dialSigner(context.Background(), server.URL, accountOf(t, testKey))
	if err != nil {
		t.Fatal(err)
	}
	r.patience = time.Millisecond
	body := types.DynamicFeeTx{ChainID: big.NewInt(31337), GasTipCap: gwei(1), GasFeeCap: gwei(3)}
	if _, err := r.sign(context.Background(), big.NewInt(31337), &body); !errors.Is(err, ErrSigner) {
		t.Errorf("got %v, want %v", err, ErrSigner)
	}
}
