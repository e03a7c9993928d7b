package eth

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

// reverted is a node's answer about a call that a contract undid, with the prose that anvil adds.
type reverted struct{ data string }

func (r reverted) Error() string  { return "execution reverted: custom error 0x5870d566:\x00\x00" }
func (r reverted) ErrorCode() int { return 3 }
func (r reverted) ErrorData() any { return "0x" + r.data }

// TestRevertDetails: an error of a contract is told with its arguments, and never in raw bytes.
func TestRevertDetails(t *testing.T) {
	word := func(s string) string { return strings.Repeat("0", 64-len(s)) + s }
	id := func(name string) string {
		for selector, e := range revertErrors {
			if e.Name == name {
				return hex.EncodeToString(selector[:])
			}
		}
		t.Fatalf("there is no %s", name)
		return ""
	}
	text := "08c379a0" + word("20") + word("2") + "6f00" + strings.Repeat("0", 60)
	for _, tt := range []struct {
		data string
		is   error
		says string
	}{
		{id("VaultTooEarly") + word("6553f100"), ErrNotice, "(VaultTooEarly: until 2023-11-14T22:13:20Z)"},
		{id("VaultNotice") + word("0"), ErrNotice, "(VaultNotice: given 0)"},
		{id("VaultTooEarly"), ErrNotice, "(VaultTooEarly)"},
		{id("ERC20InsufficientBalance") + word("ab") + word("5") + word("7"), ErrReverted, "less of the token than that: sender 0x00000000000000000000000000000000000000AB, balance 5, needed 7)"},
		{id("ERC20InsufficientAllowance") + word("ab") + word("5") + word("7"), ErrReverted, "to be taken than that: spender 0x00000000000000000000000000000000000000AB, allowance 5, needed 7)"},
		{id("ERC2612ExpiredSignature") + word("7"), ErrReverted, "the permit has expired: deadline 7)"},
		{"12345678" + word("7"), ErrReverted, "(with the unknown error 0x12345678)"},
		{"", ErrReverted, "(it gives no reason)"},
		{text, ErrReverted, `(it says "o\x00")`},
	} {
		err := translate("do", reverted{tt.data})
		if !errors.Is(err, tt.is) || !strings.HasSuffix(err.Error(), tt.says) || strings.ContainsRune(err.Error(), 0) {
			t.Errorf("%s: %q, want %q", tt.data, err, tt.says)
		}
	}
}
