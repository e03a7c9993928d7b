package eth

import (
	"context"
	"crypto/ecdsa"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth/contract"
)

// Deployed is where a vault and its token are.
type Deployed struct {
	Token rewards.Address
	Vault rewards.Address
	Mined rewards.Mined // the vault's transaction
}

// Deploy makes a vault for token on the chain that cfg names; its poster is the key in cfg.KeyFile, which also pays.
// With the zero token it makes a test token first, which the same key mints: for test chains only. cfg.Vault is not read.
func Deploy(ctx context.Context, cfg Config, token rewards.Address) (Deployed, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return Deployed{}, err
	}
	key, err := readKey(cfg.KeyFile)
	if err != nil {
		return Deployed{}, err
	}
	node, err := dial(ctx, cfg.URL, cfg.Poll)
	if err != nil {
		return Deployed{}, err
	}
	defer node.Close()
	id, err := node.ChainID(ctx)
	if err != nil {
		return Deployed{}, translate("read the chain's id", err)
	}
	s := newSender(node, key, id, gwei(cfg.MaxFeeGwei), cfg.Confirmations, cfg.Log)
	if token == (rewards.Address{}) {
		in, err := s.send(ctx, "make the token", nil, tokenCode(s.from))
		if err != nil {
			return Deployed{}, err
		}
		token = rewards.Address(in.ContractAddress)
	}
	in, err := s.send(ctx, "make the vault", nil, vaultCode(common.Address(token), s.from))
	if err != nil {
		return Deployed{}, err
	}
	if in, err = s.confirm(ctx, in); err != nil {
		return Deployed{}, fmt.Errorf("make the vault: %w", err)
	}
	return Deployed{Token: token, Vault: rewards.Address(in.ContractAddress), Mined: in.mined()}, nil
}

func tokenCode(minter common.Address) []byte {
	return append(common.FromHex(contract.TestTokenMetaData.Bin), tokenABI.PackConstructor(minter)...)
}

func vaultCode(token, poster common.Address) []byte {
	return append(common.FromHex(contract.VaultMetaData.Bin), vaultABI.PackConstructor(token, poster)...)
}

func addressOf(key *ecdsa.PrivateKey) common.Address { return crypto.PubkeyToAddress(key.PublicKey) }
