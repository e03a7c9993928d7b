package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/wire"
)

var (
	errWalletSignature = tasknet.NewError(tasknet.Invalid, "bad_signature_form", "A wallet's signature is 65 bytes in hex.")
	errDeviceSignature = tasknet.NewError(tasknet.Invalid, "bad_signature_form", "A device's signature is 64 bytes in hex.")
	errLogin           = tasknet.NewError(tasknet.Unauthenticated, "bad_login", "The signature does not fit the challenge and device; sign the challenge for this instance.")
)

type (
	registerInput  struct{ Body wire.Register }
	challengeInput struct{ Body wire.ChallengeRequest }
	loginInput     struct{ Body wire.Login }
)

type deviceKey struct {
	Key string `path:"key" doc:"The device's public key"`
}

func (s *Server) peopleRoutes() {
	register := op(http.MethodPost, "/v1/respondents", tagAnswer, "register", "Register a device of a wallet")
	register.Description = "Registering the same again gives a new token. A device that was ended comes back by a statement that was issued later than its last one."
	register.DefaultStatus = http.StatusCreated
	forAnybody(s, register, s.register)
	challenge := op(http.MethodPost, "/v1/sessions/challenge", tagAnswer, "challenge", "Get a challenge to sign")
	forAnybody(s, challenge, s.challenge)
	login := op(http.MethodPost, "/v1/sessions", tagAnswer, "login", "Get a token for a signed challenge")
	login.DefaultStatus = http.StatusCreated
	forAnybody(s, login, s.login)
	forRespondent(s, op(http.MethodDelete, "/v1/me/devices/{key}", tagMe, "revoke-device", "End one of my devices"), s.revokeDevice)
}

func (s *Server) register(ctx context.Context, _ address, in *registerInput) (*of[wire.Session], error) {
	d := polls.Delegation{Issued: time.Unix(in.Body.Issued, 0).UTC(), Expires: time.Unix(in.Body.Expires, 0).UTC()}
	var err error
	if d.Wallet, err = polls.ParseWallet(in.Body.Wallet); err != nil {
		return nil, err
	}
	if d.Device, err = polls.ParseDeviceKey(in.Body.Device); err != nil {
		return nil, err
	}
	if d.Signature, err = walletSignature(in.Body.Signature); err != nil {
		return nil, err
	}
	proof, err := parseSignature(in.Body.Proof)
	if err != nil {
		return nil, err
	}
	person, err := s.Pipeline.Register(ctx, d, proof)
	if err != nil {
		return nil, err
	}
	s.Polls.Registered(d.Device)
	if _, err := s.Polls.Device(ctx, d.Device); err != nil { // an older statement than its last one lifts no revocation
		return nil, err
	}
	return s.session(respondent{person.ID, d.Device}), nil
}

func (s *Server) challenge(_ context.Context, _ address, in *challengeInput) (*of[wire.Challenge], error) {
	device, err := polls.ParseDeviceKey(in.Body.Device)
	if err != nil {
		return nil, err
	}
	challenge, expires := s.tokens.newChallenge(device, s.Now())
	return &of[wire.Challenge]{wire.Challenge{Challenge: challenge, Expires: wire.At(expires)}}, nil
}

func (s *Server) login(ctx context.Context, _ address, in *loginInput) (*of[wire.Session], error) {
	key, err := polls.ParseDeviceKey(in.Body.Device)
	if err != nil {
		return nil, err
	}
	signature, err := parseSignature(in.Body.Signature)
	if err != nil {
		return nil, err
	}
	if err := s.tokens.checkChallenge(in.Body.Challenge, key, s.Now()); err != nil {
		return nil, err
	}
	digest, err := polls.SessionDigest(s.Instance, key, in.Body.Challenge)
	if err != nil {
		return nil, err
	}
	if !polls.CheckSignature(key, digest, signature) {
		return nil, errLogin
	}
	device, err := s.Polls.Device(ctx, key)
	if err != nil {
		return nil, err
	}
	return s.session(respondent{device.Respondent, key}), nil
}

func (s *Server) session(who respondent) *of[wire.Session] {
	token, expires := s.tokens.newToken(who, s.Now())
	return &of[wire.Session]{wire.Session{Respondent: string(who.id), Token: token, Expires: wire.At(expires)}}
}

func (s *Server) revokeDevice(ctx context.Context, who respondent, in *deviceKey) (*empty, error) {
	key, err := polls.ParseDeviceKey(in.Key)
	if err != nil {
		return nil, err
	}
	return nil, s.Polls.RevokeDevice(ctx, who.id, key)
}

func parseSignature(text string) ([64]byte, error) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != 64 {
		return [64]byte{}, errDeviceSignature
	}
	return [64]byte(raw), nil
}
