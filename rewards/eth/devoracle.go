package eth

import (
	"context"
	"encoding/hex"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/tasknet/tasknet/rewards"
)

const (
	// oracleFile holds the addresses of the dev chain's oracle and of the board that asks it.
	oracleFile = "oracle"

	// boardPrice is what the board pays for a question, in whole tokens.
	boardPrice = 1
)

// devOracle are the terms of the dev chain's oracle: a question costs at most about a million tokens.
var devOracle = OracleTerms{MinQuorum: 1, MaxPayment: new(big.Int).Lsh(big.NewInt(1), 80)}

// openOracle opens the oracle that the chain's folder names, or makes one, with a board of messages that asks it. A hard exit may
// have taken the newest blocks, and the oracle with them; then another is made.
func (d *Dev) openOracle(ctx context.Context, dir string) error {
	name := filepath.Join(dir, oracleFile)
	text, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if addresses := strings.Fields(string(text)); len(addresses) == 2 {
		d.board = rewards.Address(common.HexToAddress(addresses[1]))
		if err := d.checkOracle(ctx, rewards.Address(common.HexToAddress(addresses[0]))); !errors.Is(err, ErrNoOracle) {
			return err
		}
	}
	oracle, _, err := made(ctx, "make the oracle", d.minter, oracleCode(common.Address(d.info.Vault), devOracle))
	if err != nil {
		return err
	}
	price := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d.info.Decimals)), nil)
	if d.board, _, err = made(ctx, "make the board", d.minter, boardCode(common.Address(oracle), price.Mul(price, big.NewInt(boardPrice)))); err != nil {
		return err
	}
	if err := os.WriteFile(name, []byte("0x"+hex.EncodeToString(oracle[:])+"\n0x"+hex.EncodeToString(d.board[:])+"\n"), 0o600); err != nil {
		return err
	}
	return d.checkOracle(ctx, oracle)
}

// Board returns the address of a sample of a contract that asks, MessageBoard.sol.
func (d *Dev) Board() rewards.Address { return d.board }
