package sdk

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// known is what a session keeps of the server, so that it can sign before it is online.
type known struct {
	Instance   wire.Instance `json:"instance"`
	Device     string        `json:"device"` // that is registered there
	Respondent string        `json:"respondent,omitempty"`
	Registered time.Time     `json:"registered_until"`
}

// registerAgain is how long before its end a registration is renewed.
const registerAgain = 7 * 24 * time.Hour

func (s *Session) loadKnown() error {
	err := s.folder.read(&s.known, knownFolder, "server")
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errBadFile) { // asked for again
		return nil
	}
	if err != nil {
		return err
	}
	s.person, err = s.remembered(s.keys)
	return err
}

// remembered returns the person at the server as it was when it was last reached, or nil when that makes no sense.
func (s *Session) remembered(keys client.Keys) (*client.Respondent, error) {
	c, err := s.newClient()
	if err != nil {
		return nil, err
	}
	c.Know(s.known.Instance)
	person, err := c.Respondent(s.ctx, keys)
	if errors.Is(err, client.ErrBadInstance) {
		return nil, nil
	}
	return person, err
}

// signer returns the person as far as is known without the server: good for signing. errOffline.
func (s *Session) signer() (*client.Respondent, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.person == nil {
		return nil, "", errOffline
	}
	return s.person, s.known.Instance.Instance, nil
}

// reach returns the person at the server as it is today, where the device is registered. It asks once in a session. Callers come
// in turn, so that a device registers once.
func (s *Session) reach(ctx context.Context) (*client.Respondent, error) {
	if err := s.reaching.take(ctx); err != nil {
		return nil, err
	}
	defer s.reaching.pass()
	s.mu.Lock()
	person, reached, keys := s.person, s.reached, s.keys
	s.mu.Unlock()
	if reached {
		return person, nil
	}
	c, err := s.newClient()
	if err != nil {
		return nil, err
	}
	in, err := c.Instance(ctx)
	if err != nil {
		return nil, err
	}
	if person, err = c.Respondent(ctx, keys); err != nil {
		return nil, err
	}
	s.mu.Lock()
	now := s.known
	s.mu.Unlock()
	if now.Instance.Instance != in.Instance || now.Device != keys.DeviceKey().String() || s.clock.now().Add(registerAgain).After(now.Registered) {
		if err := s.register(ctx, person, &now, keys); err != nil {
			return nil, err
		}
	}
	now.Instance = in
	if err := s.folder.write(now, knownFolder, "server"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.person, s.known, s.reached = person, now, true
	return person, nil
}

func (s *Session) register(ctx context.Context, person *client.Respondent, now *known, keys client.Keys) error {
	session, err := person.Register(ctx)
	now.Respondent = session.Respondent
	now.Device, now.Registered = keys.DeviceKey().String(), s.clock.now().Add(client.DelegationTime)
	return err
}

// Register has the wallet name this device at the server again. Nothing else needs it but a device that was revoked, or whose
// registration ended, which Delayed tells with the code device_ended.
func (s *Session) Register(c *Cancel) error {
	return s.reachAgain(c, func() error {
		s.known.Device = ""
		return nil
	})
}

// ReplaceDevice gives the device a new key in place of one that was revoked or that somebody else may have, and registers it.
// What waits is signed anew by it.
func (s *Session) ReplaceDevice(c *Cancel) error {
	made, err := client.NewKeys()
	if err != nil {
		return typed(err)
	}
	_, secret := made.Secrets()
	if err := s.secrets.Set(DeviceSecret, secret); err != nil {
		return typed(err)
	}
	return s.reachAgain(c, func() (err error) {
		s.keys.Device = made.Device
		s.person, err = s.remembered(s.keys)
		return err
	})
}

// reachAgain changes what is known while nobody reaches the server, and reaches it anew. s.mu is held during the change.
func (s *Session) reachAgain(c *Cancel, change func() error) error {
	ctx, end, err := s.begin(c)
	if err != nil {
		return err
	}
	defer end()
	if err := s.reaching.take(ctx); err != nil {
		return typed(err)
	}
	s.mu.Lock()
	err = change()
	s.reached = false
	s.mu.Unlock()
	s.reaching.pass()
	if err != nil {
		return typed(err)
	}
	_, err = reply(s, c, func(context.Context, *client.Respondent) (struct{}, error) { return struct{}{}, nil })
	return err
}
