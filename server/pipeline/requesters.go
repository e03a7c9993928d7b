package pipeline

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
)

const (
	// secretPrefix marks API keys, so that scanners find those that leak.
	secretPrefix = "tn_"

	keyCacheSize = 10_000

	// keyCacheAge bounds for how long another server of the same store may go on accepting a key that was revoked.
	keyCacheAge = 30 * time.Second

	// keyUseAge is how exactly it is known when a key was last used.
	keyUseAge = time.Minute
)

// authenticated is a key that was looked up at a moment.
type authenticated struct {
	key polls.Key
	org polls.Org
	at  time.Time
}

// ErrNoFaucet reports that there is no test money here.
var ErrNoFaucet = tasknet.NewError(tasknet.NotSupported, "no_faucet", "This instance has no test money; deposit tokens into the vault.")

// NewOrg creates an organisation.
func (p *Pipeline) NewOrg(ctx context.Context, name string) (polls.Org, error) {
	now := p.now()
	org := polls.Org{ID: polls.OrgID(tasknet.NewID(polls.OrgPrefix, now)), Name: name, CreatedAt: now}
	return org, p.stores.Polls().CreateOrg(ctx, org)
}

// NewKey creates an API key within the caller's transaction, and returns its secret, which is not kept.
func (p *Pipeline) NewKey(ctx context.Context, tx Tx, org polls.OrgID, name string) (polls.Key, string, error) {
	var raw [32]byte
	rand.Read(raw[:])
	secret := secretPrefix + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:]))
	now := p.now()
	key := polls.Key{ID: polls.KeyID(tasknet.NewID(polls.KeyPrefix, now)), Org: org, Name: name, SecretHash: sha256.Sum256([]byte(secret)), CreatedAt: now}
	return key, secret, tx.Polls().CreateKey(ctx, key)
}

// RevokeKey ends an API key of an organisation. polls.ErrNoKey.
func (p *Pipeline) RevokeKey(ctx context.Context, org polls.OrgID, id polls.KeyID) error {
	err := p.stores.Polls().RevokeKey(ctx, org, id, p.now())
	p.revoked.Add(1)
	p.keys.Purge()
	return err
}

// Authenticate returns the API key with a secret and its organisation. polls.ErrNoKey when it is unknown or revoked.
// The secret is looked up by its SHA-256, so how long it takes tells nothing of the secrets there are.
func (p *Pipeline) Authenticate(ctx context.Context, secret string) (polls.Key, polls.Org, error) {
	hash := sha256.Sum256([]byte(secret))
	now, revoked := p.now(), p.revoked.Load()
	known, ok := p.keys.Get(hash)
	if !ok || now.Sub(known.at) > keyCacheAge {
		key, err := p.stores.Polls().Key(ctx, hash)
		if err != nil {
			return polls.Key{}, polls.Org{}, err
		}
		org, err := p.stores.Polls().Org(ctx, key.Org)
		if err != nil {
			return polls.Key{}, polls.Org{}, err
		}
		known = authenticated{key, org, now}
		p.keys.Add(hash, known)
		if p.revoked.Load() != revoked {
			p.keys.Remove(hash)
		}
	}
	if !known.key.RevokedAt.IsZero() {
		return polls.Key{}, polls.Org{}, polls.ErrNoKey
	}
	if now.Sub(known.key.UsedAt) > keyUseAge {
		if err := p.stores.Polls().UseKey(ctx, known.key.ID, now); err != nil {
			return polls.Key{}, polls.Org{}, err
		}
		known.key.UsedAt = now
		p.keys.Add(hash, known)
	}
	return known.key, known.org, nil
}

// Faucet deposits test money for an organisation, and returns when it is confirmed on chain; it is credited with the
// next deposits that are collected. ErrNoFaucet.
func (p *Pipeline) Faucet(ctx context.Context, org polls.OrgID, amount tasknet.Amount) error {
	if p.faucet == nil {
		return ErrNoFaucet
	}
	_, err := p.faucet.Drip(ctx, rewards.Reference(string(org)), amount)
	return err
}
