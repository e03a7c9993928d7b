package ethtest

import (
	"encoding/json"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
)

// transactionHash returns what a node answers to eth_sendRawTransaction.
func transactionHash(c call) json.RawMessage {
	var raw hexutil.Bytes
	tx := new(types.Transaction)
	if len(c.Params) != 1 || json.Unmarshal(c.Params[0], &raw) != nil || tx.UnmarshalBinary(raw) != nil {
		return json.RawMessage("null")
	}
	return json.RawMessage(`"` + tx.Hash().Hex() + `"`)
}

// off returns an answer with the number in it one lower or two higher than it is.
func off(reply []byte, how Fault) []byte {
	var a answer
	var n hexutil.Uint64
	if json.Unmarshal(reply, &a) != nil || json.Unmarshal(a.Result, &n) != nil {
		return reply
	}
	if how == High {
		n += 2
	} else if n > 0 {
		n--
	}
	a.Result = json.RawMessage(`"` + n.String() + `"`)
	return a.bytes()
}
