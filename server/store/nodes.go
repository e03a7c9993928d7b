package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
)

const nodeColumns = `id, owner, key, name, capability, rate, proven_at, joined_at, seen_at, choice, domain, pace`

// nodesRead are nodeColumns with the stake of the owner, and where they are read.
const nodesRead = nodeColumns + `, COALESCE((SELECT s.counts FROM respondents r JOIN stakes s ON s.staker = r.wallet WHERE r.id = nodes.owner), 0) FROM nodes`

func scanNode(r row) (*compute.Node, error) {
	var n compute.Node
	var key []byte
	var capability, choice string
	var proven, joined, seen, stake int64
	if err := r.Scan(&n.ID, &n.Owner, &key, &n.Name, &capability, &n.Rate, &proven, &joined, &seen, &choice, &n.Domain, &n.Pace, &stake); err != nil {
		return nil, err
	}
	n.Stake = tasknet.Micro(stake)
	copy(n.Key[:], key)
	n.ProvenAt, n.JoinedAt, n.SeenAt = timeOf(proven), timeOf(joined), timeOf(seen)
	if err := json.Unmarshal([]byte(capability), &n.Capability); err != nil {
		return nil, fmt.Errorf("node %s: %w", n.ID, err)
	}
	if choice == "" {
		return &n, nil
	}
	if err := json.Unmarshal([]byte(choice), &n.Choice); err != nil {
		return nil, fmt.Errorf("choice of node %s: %w", n.ID, err)
	}
	return &n, nil
}

// choiceText is how a choice is kept.
func choiceText(c compute.Choice) (string, error) {
	if c.IsZero() {
		return "", nil
	}
	raw, err := json.Marshal(c)
	return string(raw), err
}

// SaveNode implements compute.JobStore.
func (st jobStore) SaveNode(ctx context.Context, n *compute.Node) (kept *compute.Node, err error) {
	capability, err := json.Marshal(n.Capability)
	if err != nil {
		return nil, err
	}
	choice, err := choiceText(n.Choice)
	if err != nil {
		return nil, err
	}
	err = st.write(ctx, func(db querier) error {
		return db.savepoint(ctx, func() error {
			var owner string // locked, so that two nodes are not both the last that fits
			if _, err := get(ctx, db, []any{&owner}, `SELECT id FROM respondents WHERE id = $1`+db.forUpdate(), string(n.Owner)); err != nil {
				return err
			}
			if _, err := db.exec(ctx, `INSERT INTO nodes (`+nodeColumns+`, memory, disk, gpu) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
				ON CONFLICT (key) DO UPDATE SET owner = $2, name = $4, capability = $5, rate = $6, proven_at = $7, seen_at = $9, memory = $13, disk = $14, gpu = $15`,
				string(n.ID), string(n.Owner), n.Key[:], n.Name, string(capability), n.Rate, micros(n.ProvenAt), micros(n.JoinedAt), micros(n.SeenAt), choice, n.Domain, compute.PaceWhole,
				n.Capability.Memory, n.Capability.Disk, number(n.Capability.GPU != "")); err != nil {
				return err
			}
			var count int
			if _, err := get(ctx, db, []any{&count}, `SELECT COUNT(*) FROM nodes WHERE owner = $1`, string(n.Owner)); err != nil {
				return err
			}
			if count > compute.NodesMax {
				return compute.ErrNodes
			}
			kept, err = nodeBy(ctx, db, n.Key)
			return err
		})
	})
	return kept, err
}

func nodeBy(ctx context.Context, db querier, key polls.DeviceKey) (n *compute.Node, err error) {
	err = db.query(ctx, func(r row) (err error) {
		n, err = scanNode(r)
		return err
	}, `SELECT `+nodesRead+` WHERE key = $1`, key[:])
	if err == nil && n == nil {
		return nil, compute.ErrNoNode
	}
	return n, err
}

// Node implements compute.JobStore.
func (st jobStore) Node(ctx context.Context, key polls.DeviceKey) (n *compute.Node, err error) {
	err = st.read(ctx, func(db querier) error {
		n, err = nodeBy(ctx, db, key)
		return err
	})
	return n, err
}

// NodesOf implements compute.JobStore.
func (st jobStore) NodesOf(ctx context.Context, owner polls.RespondentID, page tasknet.Page) ([]*compute.Node, string, error) {
	var where conditions
	where.add(`owner = $`, string(owner))
	if page.After != "" {
		where.add(`id < $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (*compute.Node, string, error) {
		n, err := scanNode(r)
		if err != nil {
			return nil, "", err
		}
		return n, string(n.ID), nil
	}, `SELECT `+nodesRead+where.text()+` ORDER BY id DESC`, where.args...)
}

// RemoveNode implements compute.JobStore.
func (st jobStore) RemoveNode(ctx context.Context, owner polls.RespondentID, id compute.NodeID) error {
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `DELETE FROM nodes WHERE id = $1 AND owner = $2`, string(id), string(owner))
		if err == nil && n == 0 {
			return compute.ErrNoNode
		}
		return err
	})
}

// SeeNode implements compute.JobStore.
func (st jobStore) SeeNode(ctx context.Context, id compute.NodeID, at time.Time) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `UPDATE nodes SET seen_at = $2 WHERE id = $1 AND seen_at < $2`, string(id), micros(at))
		return err
	})
}

// PlaceNode implements compute.JobStore.
func (st jobStore) PlaceNode(ctx context.Context, id compute.NodeID, domain string, c compute.Choice) error {
	choice, err := choiceText(c)
	if err != nil {
		return err
	}
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `UPDATE nodes SET domain = $2, choice = $3 WHERE id = $1`, string(id), domain, choice)
		return err
	})
}

// PaceNode implements compute.JobStore.
func (st jobStore) PaceNode(ctx context.Context, id compute.NodeID, ppm int64) error {
	paced := fmt.Sprintf(`pace * $2 / %d`, compute.PaceWhole)
	return st.write(ctx, func(db querier) error {
		return db.execLater(ctx, []statement{{fmt.Sprintf(`UPDATE nodes SET pace = CASE WHEN %[1]s < %[2]d THEN %[2]d WHEN %[1]s > %[3]d THEN %[3]d ELSE %[1]s END WHERE id = $1`, paced, compute.PaceLeast, compute.PaceMost), []any{string(id), ppm}}})
	})
}

// Present implements compute.JobStore.
func (st jobStore) Present(ctx context.Context, since, at time.Time) (list []*compute.Node, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			n, err := scanNode(r)
			list = append(list, n)
			return err
		}, `SELECT `+nodesRead+` WHERE seen_at > $1 AND NOT EXISTS (SELECT 1 FROM node_owners o WHERE o.owner = nodes.owner AND o.until > $2)`, micros(since), micros(at))
	})
	return list, err
}

// Holders implements compute.JobStore.
func (st jobStore) Holders(ctx context.Context, id compute.JobID, part, but int) (list []compute.Present, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			var p compute.Present
			err := r.Scan(&p.Owner, &p.Domain)
			list = append(list, p)
			return err
		}, `SELECT owner, domain FROM leases WHERE job = $1 AND part = $2 AND copy <> $3 AND state IN ('running', 'done')`, string(id), part, but)
	})
	return list, err
}

// NodesSince implements compute.JobStore.
func (st jobStore) NodesSince(ctx context.Context, since time.Time) (count int, err error) {
	err = st.read(ctx, func(db querier) error {
		_, err := get(ctx, db, []any{&count}, `SELECT COUNT(*) FROM nodes WHERE seen_at > $1`, micros(since))
		return err
	})
	return count, err
}
