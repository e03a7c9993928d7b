package api

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/wire"
)

type newKeyInput struct {
	Idempotent
	Body wire.NewKey
}

type keyID struct {
	ID string `path:"id" doc:"The key's id"`
}

var errNoSuchKey = tasknet.NewError(tasknet.NotFound, "no_such_key", "There is no such API key, or it is not yours; check the id.")

func (s *Server) keyRoutes() {
	forRequester(s, op(http.MethodGet, "/v1/keys", tagAsk, "list-keys", "List my API keys, newest first"), s.listKeys)
	create := op(http.MethodPost, "/v1/keys", tagAsk, "new-key", "Make an API key")
	create.Description = "The secret is in this reply and nowhere else."
	create.DefaultStatus = http.StatusCreated
	forRequester(s, create, s.newKey)
	forRequester(s, op(http.MethodDelete, "/v1/keys/{id}", tagAsk, "revoke-key", "Revoke an API key"), s.revokeKey)
}

func (s *Server) listKeys(ctx context.Context, who requester, in *Paging) (*of[wire.Keys], error) {
	list := "keys " + string(who.org.ID)
	page, err := s.page(list, *in)
	if err != nil {
		return nil, err
	}
	keys, next, err := s.Stores.Polls().Keys(ctx, who.org.ID, page)
	if err != nil {
		return nil, err
	}
	out := wire.Keys{Page: s.next(list, next), Keys: make([]wire.Key, len(keys))}
	for i, k := range keys {
		out.Keys[i] = wireKey(k)
	}
	return &of[wire.Keys]{out}, nil
}

// newKey makes a key. Its reply is kept, as every reply to a write with an idempotency key; the secret in it is kept
// encrypted, so that the database alone gives nobody a key.
func (s *Server) newKey(ctx context.Context, who requester, in *newKeyInput) (*replayed[wire.Key], error) {
	once, err := in.once(who, "POST /v1/keys", in.Body)
	if err != nil {
		return nil, err
	}
	out, err := do(ctx, s, once, http.StatusCreated, func(tx pipeline.Tx) (wire.Key, error) {
		key, secret, err := s.Pipeline.NewKey(ctx, tx, who.org.ID, in.Body.Name)
		if err != nil {
			return wire.Key{}, err
		}
		made := wireKey(key)
		made.Secret, err = s.tokens.seal(secret, key.ID)
		return made, err
	})
	if err != nil {
		return nil, err
	}
	out.Body.Secret, err = s.tokens.open(out.Body.Secret, polls.KeyID(out.Body.ID))
	return out, err
}

func (s *Server) revokeKey(ctx context.Context, who requester, in *keyID) (*empty, error) {
	if err := tasknet.CheckID(polls.KeyPrefix, in.ID); err != nil {
		return nil, err
	}
	err := s.Pipeline.RevokeKey(ctx, who.org.ID, polls.KeyID(in.ID))
	if errors.Is(err, polls.ErrNoKey) {
		err = errNoSuchKey // the one that the request came with is fine
	}
	return nil, err
}

func wireKey(k polls.Key) wire.Key {
	return wire.Key{ID: string(k.ID), Name: k.Name, CreatedAt: wire.At(k.CreatedAt), UsedAt: timeOf(k.UsedAt), RevokedAt: timeOf(k.RevokedAt)}
}

// timeOf writes a moment that may not have come.
func timeOf(t time.Time) *wire.Time {
	if t.IsZero() {
		return nil
	}
	out := wire.At(t)
	return &out
}

// seal encrypts a secret that is kept for a replay, bound to what it is the secret of.
func (s signer) seal(secret string, id polls.KeyID) (string, error) {
	aead, err := s.aead()
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, []byte(secret), []byte(id))), nil
}

// open is the reverse of seal.
func (s signer) open(sealed string, id polls.KeyID) (string, error) {
	aead, err := s.aead()
	if err != nil {
		return "", err
	}
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(raw) < aead.NonceSize() {
		return "", errors.New("open a kept secret: it is broken")
	}
	secret, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], []byte(id))
	return string(secret), err
}

func (s signer) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(s.reply)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
