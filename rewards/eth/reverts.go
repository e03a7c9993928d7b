package eth

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"

	"github.com/tasknet/tasknet/rewards/eth/contract"
)

// sentences say what errors of the token mean, which have no error of their own here.
var sentences = map[string]string{
	"ERC20InsufficientBalance":   "the account has less of the token than that",
	"ERC20InsufficientAllowance": "the account allowed less of its tokens to be taken than that",
	"ERC2612ExpiredSignature":    "the permit has expired",
	"ERC2612InvalidSigner":       "the permit is signed by another account than the tokens' owner",
}

// revertErrors are the errors of our contracts, and of what they are built on, by their selectors.
var revertErrors = func() map[[4]byte]abi.Error {
	all := make(map[[4]byte]abi.Error)
	for _, m := range []*bind.MetaData{&contract.VaultMetaData, &contract.OracleMetaData, &contract.StakeMetaData, &contract.TestTokenMetaData, &contract.DisperseMetaData} {
		parsed, err := m.ParseABI()
		if err != nil {
			panic(err) // it is generated
		}
		for _, e := range parsed.Errors {
			all[selector(e.ID)] = e
		}
	}
	return all
}()

// details says what a contract reverted with: the name of an error that is known with its arguments, its own text, or else the
// selector alone. Nothing that the contract chose gets out raw.
func details(data []byte) string {
	if text, err := abi.UnpackRevert(data); err == nil {
		return fmt.Sprintf("it says %q", text)
	}
	if len(data) < 4 {
		return "it gives no reason"
	}
	e, known := revertErrors[[4]byte(data[:4])]
	if !known {
		return fmt.Sprintf("with the unknown error 0x%x", data[:4])
	}
	values, err := e.Inputs.Unpack(data[4:])
	if err != nil {
		return e.Name
	}
	given := make([]string, len(values))
	for i, v := range values {
		given[i] = e.Inputs[i].Name + " " + argument(e.Inputs[i].Name, v)
	}
	said := slices.DeleteFunc([]string{e.Name, sentences[e.Name], strings.Join(given, ", ")}, func(s string) bool { return s == "" })
	return strings.Join(said, ": ")
}

// argument writes an argument of an error; what the vault calls until is a time.
func argument(name string, v any) string {
	switch v := v.(type) {
	case *big.Int:
		if name == "until" && v.IsInt64() {
			return time.Unix(v.Int64(), 0).UTC().Format(time.RFC3339)
		}
		return v.String()
	case [32]byte:
		return fmt.Sprintf("0x%x", v)
	case string:
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprint(v)
}
