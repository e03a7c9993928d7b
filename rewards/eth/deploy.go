package eth

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"math/big"
	"time"

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

// Terms are what a vault is made with for good. Its poster is the key that makes it, and can hand its place on.
type Terms struct {
	Token       rewards.Address
	Adjudicator rewards.Address // decides about blocked roots: a court contract or a multisig. Not the poster
	Delay       time.Duration   // until a posted root takes effect; zero together with Bond
	Judgement   time.Duration   // how long the adjudicator has
	Notice      time.Duration   // before a requester's withdrawal; not less than LeastNotice
	Bond        *big.Int        // of poster and watcher each, in base units
}

// LeastNotice returns the shortest notice that goes with the terms' Delay and Judgement. Within it a poster gets what an account
// under notice has spent into a root in force, although watchers block two roots at the last moment: that which was posted just
// before the notice, and that which has all. One more delay is the poster's own. Vault.sol has it whole.
func (t Terms) LeastNotice() time.Duration {
	return time.Duration(3*seconds(t.Delay)+2*seconds(t.Judgement)) * time.Second
}

func (t Terms) validate() error {
	switch bonded := t.Bond != nil && t.Bond.Sign() > 0; {
	case bonded != (t.Delay > 0):
		return fmt.Errorf("%w: a delay needs a bond, and a bond a delay", ErrConfig)
	case bonded && (t.Judgement <= 0 || t.Adjudicator == rewards.Address{}):
		return fmt.Errorf("%w: a bond needs an adjudicator, and time for a judgement", ErrConfig)
	case t.Delay < 0 || t.Judgement < 0 || t.Delay > longestTerm || t.Judgement > longestTerm || t.Notice > longestTerm:
		return fmt.Errorf("%w: delay, judgement and notice are between nothing and %v", ErrConfig, longestTerm)
	case t.Notice < t.LeastNotice():
		return fmt.Errorf("%w: a notice of %v is too short: with a delay of %v and a judgement of %v it is %v or more (three delays and two judgements)", ErrConfig, t.Notice, t.Delay, t.Judgement, t.LeastNotice())
	}
	return nil
}

// longestTerm bounds the times of a vault, some ten years, so that sums of them do not wrap.
const longestTerm = 10 * 365 * 24 * time.Hour

// Deploy makes a vault on the chain that cfg names; its poster is the key in cfg.Key, which also pays. Where terms
// name no token it makes a test token first, which the same key mints: for test chains only. cfg.Vault is not read.
func Deploy(ctx context.Context, cfg Config, terms Terms) (Deployed, error) {
	cfg = cfg.withDefaults()
	if err := errors.Join(cfg.validate(), terms.validate()); err != nil {
		return Deployed{}, err
	}
	key, err := cfg.Key.open(ctx, cfg.Log)
	if err != nil {
		return Deployed{}, err
	}
	node, err := dial(ctx, cfg.URL, cfg.Confirmations, cfg.Poll, cfg.Log)
	if err != nil {
		return Deployed{}, err
	}
	defer node.Close()
	id, err := node.ChainID(ctx)
	if err != nil {
		return Deployed{}, translate("read the chain's id", err)
	}
	s := newSender(node, key, id, gwei(cfg.MaxFeeGwei), cfg.Confirmations, cfg.Log)
	s.progress = cfg.Progress
	if terms.Token == (rewards.Address{}) {
		in, err := s.send(ctx, "make the token", nil, tokenCode(s.account()))
		if err != nil {
			return Deployed{}, err
		}
		terms.Token = rewards.Address(in.ContractAddress)
	} else if _, _, err := aboutToken(ctx, node, common.Address(terms.Token)); err != nil {
		return Deployed{}, err
	}
	in, err := s.send(ctx, "make the vault", nil, vaultCode(terms, s.account()))
	if err != nil {
		return Deployed{}, err
	}
	if in, err = s.confirm(ctx, in); err != nil {
		return Deployed{}, fmt.Errorf("make the vault: %w", err)
	}
	return Deployed{Token: terms.Token, Vault: rewards.Address(in.ContractAddress), Mined: in.mined()}, nil
}

func tokenCode(minter common.Address) []byte {
	return append(common.FromHex(contract.TestTokenMetaData.Bin), tokenABI.PackConstructor(minter)...)
}

func vaultCode(t Terms, poster common.Address) []byte {
	bond := t.Bond
	if bond == nil {
		bond = new(big.Int)
	}
	return append(common.FromHex(contract.VaultMetaData.Bin), vaultABI.PackConstructor(contract.VaultTerms{
		Token: common.Address(t.Token), Poster: poster, Adjudicator: common.Address(t.Adjudicator),
		Delay: seconds(t.Delay), Judgement: seconds(t.Judgement), Notice: seconds(t.Notice), Bond: bond,
	})...)
}

func seconds(d time.Duration) uint64 { return uint64((d + time.Second - 1) / time.Second) }

func addressOf(key *ecdsa.PrivateKey) common.Address { return crypto.PubkeyToAddress(key.PublicKey) }
