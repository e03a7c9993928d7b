package store

import (
	"context"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

// Register implements polls.Store.
func (st pollStore) Register(ctx context.Context, r polls.Respondent, d polls.Device) (registered polls.Respondent, err error) {
	err = st.write(ctx, func(db querier) error {
		before, err := deviceOf(ctx, db, d.Device)
		if err != nil {
			return err
		}
		if before != nil && before.Wallet != d.Wallet {
			return polls.ErrDeviceTaken
		}
		if _, err := db.exec(ctx, `INSERT INTO respondents (id, wallet, created_at) VALUES ($1, $2, $3) ON CONFLICT (wallet) DO NOTHING`,
			r.ID, d.Wallet[:], micros(r.CreatedAt)); err != nil {
			return err
		}
		// Only now: on PostgreSQL the statement before waits for somebody else who registers the same wallet.
		registered = polls.Respondent{Wallet: d.Wallet}
		var created int64
		if _, err := get(ctx, db, []any{&registered.ID, &created}, `SELECT id, created_at FROM respondents WHERE wallet = $1`, d.Wallet[:]); err != nil {
			return err
		}
		registered.CreatedAt = timeOf(created)
		n, err := db.exec(ctx, `INSERT INTO devices (device, respondent, wallet, issued_at, expires_at, signature, registered_at, revoked_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT (device) DO NOTHING`,
			d.Device[:], registered.ID, d.Wallet[:], micros(d.Issued), micros(d.Expires), d.Signature[:], micros(d.RegisteredAt))
		if err != nil || n == 1 {
			return err
		}
		if before, err = deviceOf(ctx, db, d.Device); err != nil {
			return err
		}
		if before.Wallet != d.Wallet { // somebody else's, registered between the first look and now
			return polls.ErrDeviceTaken
		}
		_, err = db.exec(ctx, `UPDATE devices SET issued_at = $2, expires_at = $3, signature = $4, registered_at = $5, revoked_at = 0
			WHERE device = $1 AND issued_at < $2`, d.Device[:], micros(d.Issued), micros(d.Expires), d.Signature[:], micros(d.RegisteredAt))
		return err
	})
	return registered, err
}

// Respondent implements polls.Store.
func (st pollStore) Respondent(ctx context.Context, id polls.RespondentID) (polls.Respondent, error) {
	r := polls.Respondent{ID: id}
	var wallet []byte
	var created int64
	var found bool
	err := st.read(ctx, func(db querier) (err error) {
		found, err = get(ctx, db, []any{&wallet, &created}, `SELECT wallet, created_at FROM respondents WHERE id = $1`, id)
		return err
	})
	if err != nil {
		return polls.Respondent{}, err
	}
	if !found {
		return polls.Respondent{}, polls.ErrNoRespondent
	}
	copy(r.Wallet[:], wallet)
	r.CreatedAt = timeOf(created)
	return r, nil
}

// Device implements polls.Store.
func (st pollStore) Device(ctx context.Context, key polls.DeviceKey) (d *polls.Device, err error) {
	err = st.read(ctx, func(db querier) error {
		d, err = deviceOf(ctx, db, key)
		return err
	})
	if err == nil && d == nil {
		return nil, polls.ErrUnknownDevice
	}
	return d, err
}

// Devices implements polls.Store.
func (st pollStore) Devices(ctx context.Context, id polls.RespondentID) (devices []polls.Device, err error) {
	err = st.read(ctx, func(db querier) error {
		devices = nil
		return db.query(ctx, func(r row) error {
			d, err := scanDevice(r)
			devices = append(devices, d)
			return err
		}, `SELECT `+deviceColumns+` FROM devices WHERE respondent = $1 ORDER BY registered_at, device`, id)
	})
	return devices, err
}

// RevokeDevice implements polls.Store.
func (st pollStore) RevokeDevice(ctx context.Context, id polls.RespondentID, key polls.DeviceKey, at time.Time) error {
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `UPDATE devices SET revoked_at = CASE WHEN revoked_at = 0 THEN $3 ELSE revoked_at END WHERE device = $1 AND respondent = $2`,
			key[:], id, micros(at))
		if err == nil && n == 0 {
			return polls.ErrUnknownDevice
		}
		if err != nil {
			return err
		}
		_, err = db.execAll(ctx, unsubscribeDevice(id, key))
		return err
	})
}

const deviceColumns = `device, respondent, wallet, issued_at, expires_at, signature, registered_at, revoked_at`

// deviceOf returns a device, or nil.
func deviceOf(ctx context.Context, db querier, key polls.DeviceKey) (d *polls.Device, err error) {
	err = db.query(ctx, func(r row) error {
		scanned, err := scanDevice(r)
		d = &scanned
		return err
	}, `SELECT `+deviceColumns+` FROM devices WHERE device = $1`, key[:])
	return d, err
}

func scanDevice(r row) (d polls.Device, err error) {
	var device, wallet, signature []byte
	var issued, expires, registered, revoked int64
	err = r.Scan(&device, &d.Respondent, &wallet, &issued, &expires, &signature, &registered, &revoked)
	copy(d.Device[:], device)
	copy(d.Wallet[:], wallet)
	copy(d.Signature[:], signature)
	d.Issued, d.Expires, d.RegisteredAt, d.RevokedAt = timeOf(issued), timeOf(expires), timeOf(registered), timeOf(revoked)
	return d, err
}

// CreateOrg implements polls.Store.
func (st pollStore) CreateOrg(ctx context.Context, o polls.Org) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `INSERT INTO orgs (id, name, created_at) VALUES ($1, $2, $3)`, o.ID, o.Name, micros(o.CreatedAt))
		return err
	})
}

// Org implements polls.Store.
func (st pollStore) Org(ctx context.Context, id polls.OrgID) (o polls.Org, err error) {
	found := false
	err = st.read(ctx, func(db querier) error {
		return db.query(ctx, func(r row) (err error) {
			found = true
			o, err = scanOrg(r)
			return err
		}, `SELECT id, name, created_at FROM orgs WHERE id = $1`, id)
	})
	if err == nil && !found {
		return polls.Org{}, polls.ErrNoOrg
	}
	return o, err
}

// Orgs implements polls.Store.
func (st pollStore) Orgs(ctx context.Context, page tasknet.Page) ([]polls.Org, string, error) {
	return readPage(ctx, st, page, func(r row) (polls.Org, string, error) {
		o, err := scanOrg(r)
		return o, string(o.ID), err
	}, `SELECT id, name, created_at FROM orgs WHERE id > $1 ORDER BY id`, page.After)
}

func scanOrg(r row) (o polls.Org, err error) {
	var created int64
	err = r.Scan(&o.ID, &o.Name, &created)
	o.CreatedAt = timeOf(created)
	return o, err
}

// CreateKey implements polls.Store.
func (st pollStore) CreateKey(ctx context.Context, k polls.Key) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `INSERT INTO keys (id, org, name, secret_hash, created_at, used_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			k.ID, k.Org, k.Name, k.SecretHash[:], micros(k.CreatedAt), micros(k.UsedAt), micros(k.RevokedAt))
		return err
	})
}

const keyColumns = `id, org, name, secret_hash, created_at, used_at, revoked_at`

// Key implements polls.Store.
func (st pollStore) Key(ctx context.Context, secretHash [32]byte) (k polls.Key, err error) {
	found := false
	err = st.read(ctx, func(db querier) error {
		return db.query(ctx, func(r row) (err error) {
			found = true
			k, err = scanKey(r)
			return err
		}, `SELECT `+keyColumns+` FROM keys WHERE secret_hash = $1`, secretHash[:])
	})
	if err == nil && !found {
		return polls.Key{}, polls.ErrNoKey
	}
	return k, err
}

// Keys implements polls.Store.
func (st pollStore) Keys(ctx context.Context, org polls.OrgID, page tasknet.Page) ([]polls.Key, string, error) {
	var where conditions
	where.add(`org = $`, org)
	if page.After != "" {
		where.add(`id < $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (polls.Key, string, error) {
		k, err := scanKey(r)
		return k, string(k.ID), err
	}, `SELECT `+keyColumns+` FROM keys`+where.text()+` ORDER BY id DESC`, where.args...)
}

func scanKey(r row) (k polls.Key, err error) {
	var hash []byte
	var created, used, revoked int64
	err = r.Scan(&k.ID, &k.Org, &k.Name, &hash, &created, &used, &revoked)
	copy(k.SecretHash[:], hash)
	k.CreatedAt, k.UsedAt, k.RevokedAt = timeOf(created), timeOf(used), timeOf(revoked)
	return k, err
}

// RevokeKey implements polls.Store.
func (st pollStore) RevokeKey(ctx context.Context, org polls.OrgID, id polls.KeyID, at time.Time) error {
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `UPDATE keys SET revoked_at = CASE WHEN revoked_at = 0 THEN $3 ELSE revoked_at END WHERE id = $1 AND org = $2`, id, org, micros(at))
		if err == nil && n == 0 {
			return polls.ErrNoKey
		}
		return err
	})
}

// UseKey implements polls.Store.
func (st pollStore) UseKey(ctx context.Context, id polls.KeyID, at time.Time) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `UPDATE keys SET used_at = $2 WHERE id = $1 AND used_at < $2`, id, micros(at))
		return err
	})
}
