package sdk

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// anchor is the public log as an epoch's header has it, and who says so.
type anchor struct {
	Epoch   int64      `json:"epoch"`
	Size    int64      `json:"size"`
	Root    string     `json:"root"`               // in hex
	By      string     `json:"by"`                 // chain when a node of it was asked, else server
	Record  wire.Epoch `json:"record"`             // the server's, of the epoch
	OnChain string     `json:"on_chain,omitempty"` // the hash of the header in force, where the chain was asked
	Agrees  bool       `json:"agrees"`             // the record's header hashes to what the chain has or, where it was not asked, the server says
}

// TrustNode has the log compared with what a node of the chain says, by its JSON-RPC address, before the one that the server names:
// that of somebody else than the operator shows more. It holds until the session is closed. bad_node.
func (s *Session) TrustNode(address string) error {
	if !s.mayAsk(address) {
		return errNode
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.node = address
	return nil
}

// mayAsk reports whether a node's address is one to ask: by TLS, unless the server itself is asked without. It may come from the
// server, which must not have phones send requests in the clear, or to what is not on the web.
func (s *Session) mayAsk(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && strings.HasPrefix(s.server, "http://")
}

// newestAnchor returns the newest anchor of the log. Where a node of the chain can be asked, its header is the one in force, and the
// server can lie about nothing; else it is the server's record of the newest epoch that paid this person. It is nil where there is
// none yet.
func (s *Session) newestAnchor(ctx context.Context, from *client.Client, person *client.Respondent, in wire.Instance) (*anchor, error) {
	s.mu.Lock()
	nodes := []string{s.node, in.Node}
	s.mu.Unlock()
	var epoch int64
	var onChain string
	for _, node := range nodes {
		if onChain == "" && s.mayAsk(node) {
			epoch, onChain = s.inForce(ctx, node, in)
		}
	}
	if onChain == "" {
		mine, err := person.PayoutsPage(ctx, "", 1)
		if err != nil || len(mine.Payouts) == 0 || mine.Payouts[0].State != "active" && mine.Payouts[0].State != "settled" {
			return nil, err
		}
		epoch = mine.Payouts[0].Epoch
	}
	if epoch == 0 {
		return nil, nil
	}
	record, err := from.Epoch(ctx, epoch)
	if err != nil || record.Header == nil || record.Header.LogSize == 0 {
		return nil, err
	}
	out := &anchor{Epoch: epoch, Size: record.Header.LogSize, Root: record.Header.LogRoot, By: "server", Record: record, OnChain: onChain}
	want := record.Header.Hash
	if onChain != "" {
		out.By, want = "chain", onChain
	}
	header, err := client.EpochHeader(record)
	hash := header.Hash()
	out.Agrees = err == nil && record.Number == epoch && hex.EncodeToString(hash[:]) == want
	return out, nil
}

// checkpoint is what the anchor says of the log. Of one that does not agree it is nothing.
func (a *anchor) checkpoint() client.Checkpoint {
	header, err := client.EpochHeader(a.Record)
	if err != nil {
		return client.Checkpoint{}
	}
	return client.Checkpoint{Size: header.LogSize, Root: header.LogRoot}
}

// nodeWait bounds how long a node is waited for, and nodeReply what is read of its reply.
const (
	nodeWait  = 20 * time.Second
	nodeReply = 64 << 10
)

// effective is the selector of the vault's effective(), which returns the number of the epoch in force and its header's hash.
const effective = "0xa51e7b62"

// inForce returns the epoch in force on chain and its header's hash, in hex; nothing when who is asked is on another chain, or does
// not say.
func (s *Session) inForce(ctx context.Context, node string, in wire.Instance) (epoch int64, header string) {
	chain, err := s.askNode(ctx, node, "eth_chainId")
	if err != nil {
		return 0, ""
	}
	if id, err := strconv.ParseInt(strings.TrimPrefix(chain, "0x"), 16, 64); err != nil || id != in.ChainID {
		return 0, ""
	}
	said, err := s.askNode(ctx, node, "eth_call", map[string]string{"to": in.Vault, "data": effective}, "latest")
	if err != nil {
		return 0, ""
	}
	words, err := hex.DecodeString(strings.TrimPrefix(said, "0x"))
	if err != nil || len(words) != 64 {
		return 0, ""
	}
	epoch, err = strconv.ParseInt(hex.EncodeToString(words[:32]), 16, 64)
	if err != nil {
		return 0, ""
	}
	return epoch, hex.EncodeToString(words[32:])
}

// askNode asks a node by JSON-RPC for what is a string. It is asked without the clock, which learns from the server alone.
func (s *Session) askNode(ctx context.Context, node, method string, params ...any) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, nodeWait)
	defer cancel()
	if params == nil {
		params = []any{}
	}
	body := text(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, node, bytes.NewReader([]byte(body)))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	asks := http.Client{Transport: s.clock.next, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := asks.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, nodeReply))
	if err != nil {
		return "", err
	}
	var reply struct {
		Result *string         `json:"result"`
		Error  json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(raw, &reply); err != nil {
		return "", err
	}
	if reply.Result == nil {
		return "", fmt.Errorf("%w: %s", errNodeSaid, reply.Error)
	}
	return *reply.Result, nil
}

var errNodeSaid = errors.New("the node refused")
