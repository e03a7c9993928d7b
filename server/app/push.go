package app

import (
	"cmp"
	"context"
	"path/filepath"
	"strings"
	_ "time/tzdata" // quiet hours are in time zones, which not every machine has

	"google.golang.org/api/option"

	"github.com/tasknet/tasknet/server/media"
	"github.com/tasknet/tasknet/server/pipeline"
	"github.com/tasknet/tasknet/server/push"
)

// nobody is whom push services may write to where no operator is named: RFC 2606 keeps the name free.
const nobody = "operator@tasknet.invalid"

// vapidKey returns the key by which push services know this server.
func vapidKey(cfg Config) (push.Key, error) {
	if cfg.PushKey != "" {
		return push.ParseKey(cfg.PushKey)
	}
	seed, err := secret(filepath.Join(cfg.Data, "keys", "vapid"))
	if err != nil {
		return push.Key{}, err
	}
	return push.NewKey(seed)
}

// senders returns what sends pushes, by channel, and the channels in the order in which clients are told of them.
func (c Config) senders(ctx context.Context, key push.Key) (map[pipeline.Channel]push.Sender, []pipeline.Channel, error) {
	contact := c.PushContact
	if contact == "" && strings.HasPrefix(c.PublicURL, "https:") {
		contact = c.PublicURL
	}
	senders := map[pipeline.Channel]push.Sender{pipeline.WebPush: push.NewWeb(key, cmp.Or(contact, nobody), media.NewClient(), media.ErrRefused, c.now)}
	channels := []pipeline.Channel{pipeline.WebPush}
	if c.PushFCM != "" {
		firebase, err := push.NewFirebase(ctx, "", c.now, option.WithAuthCredentialsFile(option.ServiceAccount, c.PushFCM))
		if err != nil {
			return nil, nil, err
		}
		senders[pipeline.FCM] = firebase
		channels = append(channels, pipeline.FCM)
	}
	return senders, channels, nil
}
