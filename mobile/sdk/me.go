package sdk

import (
	"context"
	"encoding/json"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

// person is who this device answers as, as far as is known without the server.
type person struct {
	Device     string    `json:"device"`
	Wallet     string    `json:"wallet"`   // its address
	Instance   string    `json:"instance"` // the server's; this and what follows is empty before the device is registered there
	Respondent string    `json:"respondent"`
	Registered wire.Time `json:"registered_until"`
}

// Person returns who this device answers as, without asking the server: {"device", "wallet", "instance",
// "respondent", "registered_until"}, the last three empty or zero before the device is registered.
func (s *Session) Person() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := person{Device: s.keys.DeviceKey().String(), Wallet: s.keys.WalletAddress().String()}
	if s.known.Device == out.Device {
		out.Instance, out.Respondent, out.Registered = s.known.Instance.Instance, s.known.Respondent, wire.At(s.known.Registered)
	}
	return text(out)
}

// Token returns a token for requests of the app's own as this person, as a wire.Session. It registers the device if need be. A
// token that the server refused is stale, and is replaced; "" when none was.
func (s *Session) Token(c *Cancel, stale string) (string, error) {
	return ask(s, c, func(ctx context.Context, p *client.Respondent) (wire.Session, error) { return p.Session(ctx, stale) })
}

// Wake has the server push to this device: a wire.Subscribe of what the platform's push service gave, {"fcm": {"token"}} or {"web":
// {"endpoint", "keys": {"p256dh", "auth"}}}. It returns the subscription's id. The same place again is the same subscription.
func (s *Session) Wake(c *Cancel, place string) (string, error) {
	var body wire.Subscribe
	if json.Unmarshal([]byte(place), &body) != nil || (body.FCM == nil) == (body.Web == nil) {
		return "", errPlace
	}
	got, err := reply(s, c, func(ctx context.Context, p *client.Respondent) (wire.Subscription, error) {
		return p.Subscribe(ctx, body)
	})
	return got.ID, err
}

// WakeNoMore ends a subscription by its id.
func (s *Session) WakeNoMore(c *Cancel, id string) error {
	_, err := reply(s, c, func(ctx context.Context, p *client.Respondent) (struct{}, error) {
		return struct{}{}, p.Unsubscribe(ctx, id)
	})
	return err
}

// Me returns who the person is, with their numbers and devices, as a wire.Me. What is available is by their taste.
func (s *Session) Me(c *Cancel) (string, error) {
	taste := s.likes()
	return ask(s, c, func(ctx context.Context, p *client.Respondent) (wire.Me, error) { return p.MeFor(ctx, taste) })
}

// Earnings returns where the person's money is, as a wire.Earnings.
func (s *Session) Earnings(c *Cancel) (string, error) {
	return ask(s, c, func(ctx context.Context, p *client.Respondent) (wire.Earnings, error) { return p.Earnings(ctx) })
}

// History returns a page of the person's answers, newest first, as a wire.MyAnswers: the first when the cursor is "", else the one
// whose cursor the page before it has as next. A page has 1 to 200.
func (s *Session) History(c *Cancel, cursor string, limit int) (string, error) {
	if limit < 1 || limit > pageMost {
		return "", errPage
	}
	return ask(s, c, func(ctx context.Context, p *client.Respondent) (wire.MyAnswers, error) {
		return p.AnswersPage(ctx, cursor, limit)
	})
}

// Payouts is History for payouts, as a wire.Payouts, newest epoch first, with the proofs to claim them by.
func (s *Session) Payouts(c *Cancel, cursor string, limit int) (string, error) {
	if limit < 1 || limit > pageMost {
		return "", errPage
	}
	return ask(s, c, func(ctx context.Context, p *client.Respondent) (wire.Payouts, error) {
		return p.PayoutsPage(ctx, cursor, limit)
	})
}

const pageMost = 200

// RevokeDevice ends a device of the person, as one that was lost, by its public key.
func (s *Session) RevokeDevice(c *Cancel, device string) error {
	_, err := reply(s, c, func(ctx context.Context, p *client.Respondent) (struct{}, error) {
		return struct{}{}, p.EndDevice(ctx, device)
	})
	return err
}
