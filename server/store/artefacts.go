package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

// hashesInRow is how many hashes of pieces a row holds, so that one can be read without all.
const hashesInRow = 1024

const artefactColumns = `blob, org, id, name, media_type, length, arrived, state, created_at, expires_at`

func scanArtefact(r row) (*pipeline.Artefact, error) {
	var a pipeline.Artefact
	var created, expires int64
	if err := r.Scan(&a.Blob, &a.Org, &a.ID, &a.Name, &a.MediaType, &a.Length, &a.Arrived, &a.State, &created, &expires); err != nil {
		return nil, err
	}
	a.CreatedAt, a.ExpiresAt = timeOf(created), timeOf(expires)
	return &a, nil
}

// oneArtefact returns the artefact that a condition finds. ErrNoArtefact.
func oneArtefact(ctx context.Context, db querier, where string, args ...any) (a *pipeline.Artefact, err error) {
	err = db.query(ctx, func(r row) error {
		a, err = scanArtefact(r)
		return err
	}, `SELECT `+artefactColumns+` FROM artefacts WHERE state <> 'removed' AND `+where, args...)
	if err == nil && a == nil {
		return nil, pipeline.ErrNoArtefact
	}
	return a, err
}

// CreateArtefact implements pipeline.Artefacts.
func (st artefactStore) CreateArtefact(ctx context.Context, a *pipeline.Artefact, m *compute.Manifest, quota int64) (kept *pipeline.Artefact, err error) {
	err = st.write(ctx, func(db querier) error {
		var locked string // two that are made at once must not both be the last that fits
		if _, err := get(ctx, db, []any{&locked}, `SELECT id FROM orgs WHERE id = $1`+db.forUpdate(), a.Org); err != nil {
			return err
		}
		if kept, err = oneArtefact(ctx, db, `org = $1 AND id = $2`, a.Org, a.ID); !errors.Is(err, pipeline.ErrNoArtefact) {
			return err
		}
		var charged int64
		if _, err := get(ctx, db, []any{&charged}, `SELECT CAST(COALESCE(SUM(charged), 0) AS BIGINT) FROM artefacts WHERE org = $1`, a.Org); err != nil {
			return err
		}
		if a.Charge() > quota-charged {
			return pipeline.ErrArtefactQuota
		}
		kept = a
		batch := []statement{{`INSERT INTO artefacts (` + artefactColumns + `, charged) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, []any{
			a.Blob, string(a.Org), string(a.ID), a.Name, a.MediaType, a.Length, a.Arrived, string(a.State), micros(a.CreatedAt), micros(a.ExpiresAt), a.Charge(),
		}}}
		hashes := m.Encode()
		for part := 0; len(hashes) > 0; part++ {
			n := min(hashesInRow*sha256.Size, len(hashes))
			batch = append(batch, statement{`INSERT INTO artefact_hashes (blob, part, hashes) VALUES ($1, $2, $3)`, []any{a.Blob, part, hashes[:n]}})
			hashes = hashes[n:]
		}
		_, err = db.execAll(ctx, batch)
		return err
	})
	if err != nil {
		return nil, err
	}
	return kept, nil
}

// Artefact implements pipeline.Artefacts.
func (st artefactStore) Artefact(ctx context.Context, org polls.OrgID, id compute.ArtefactID) (a *pipeline.Artefact, err error) {
	err = st.read(ctx, func(db querier) error {
		a, err = oneArtefact(ctx, db, `org = $1 AND id = $2`, org, id)
		return err
	})
	return a, err
}

// Artefacts implements pipeline.Artefacts.
func (st artefactStore) Artefacts(ctx context.Context, org polls.OrgID, page tasknet.Page) ([]*pipeline.Artefact, string, error) {
	var where conditions
	where.add(`org = $`, org)
	if page.After != "" {
		where.add(`blob < $`, page.After)
	}
	return readPage(ctx, st, page, func(r row) (*pipeline.Artefact, string, error) {
		a, err := scanArtefact(r)
		if err != nil {
			return nil, "", err
		}
		return a, a.Blob, nil
	}, `SELECT `+artefactColumns+` FROM artefacts`+where.text()+` AND state <> 'removed' ORDER BY blob DESC`, where.args...)
}

// PieceHashes implements pipeline.Artefacts.
func (st artefactStore) PieceHashes(ctx context.Context, blob string, from, limit int) (hashes []byte, err error) {
	err = st.read(ctx, func(db querier) error {
		_, err := get(ctx, db, []any{&hashes}, `SELECT SUBSTR(hashes, CAST($3 AS INTEGER), CAST($4 AS INTEGER)) FROM artefact_hashes WHERE blob = $1 AND part = $2`,
			blob, from/hashesInRow, from%hashesInRow*sha256.Size+1, min(limit, hashesInRow)*sha256.Size)
		return err
	})
	return hashes, err
}

// MissingPieces implements pipeline.Artefacts.
func (st artefactStore) MissingPieces(ctx context.Context, a *pipeline.Artefact, limit int) (missing []pipeline.PieceRange, err error) {
	pieces := compute.Pieces(a.Length)
	if a.State != pipeline.ArtefactUploading {
		return nil, nil
	}
	err = st.read(ctx, func(db querier) error {
		missing = nil
		next := 0 // the first of which nothing is known
		err := db.query(ctx, func(r row) error {
			var n int
			if err := r.Scan(&n); err != nil {
				return err
			}
			if n > next {
				missing = append(missing, pipeline.PieceRange{First: next, Last: n - 1})
			}
			if next = n + 1; len(missing) == limit {
				return errEnough
			}
			return nil
		}, `SELECT piece FROM artefact_pieces WHERE blob = $1 ORDER BY piece`, a.Blob)
		if err == nil && next < pieces {
			missing = append(missing, pipeline.PieceRange{First: next, Last: pieces - 1})
		}
		return err
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return missing, err
}

// AddPiece implements pipeline.Artefacts.
func (st artefactStore) AddPiece(ctx context.Context, blob string, n int, until time.Time) (a *pipeline.Artefact, err error) {
	err = st.write(ctx, func(db querier) error {
		if a, err = oneArtefact(ctx, db, `blob = $1`+db.forUpdate(), blob); err != nil || a.State == pipeline.ArtefactComplete {
			return err
		}
		added, err := db.exec(ctx, `INSERT INTO artefact_pieces (blob, piece) VALUES ($1, $2) ON CONFLICT (blob, piece) DO NOTHING`, blob, n)
		if err != nil || added == 0 {
			return err
		}
		a.Arrived++
		a.ExpiresAt = until
		var batch []statement
		if a.Arrived == compute.Pieces(a.Length) {
			a.State, a.ExpiresAt = pipeline.ArtefactComplete, time.Time{}
			batch = append(batch, statement{`DELETE FROM artefact_pieces WHERE blob = $1`, []any{blob}})
		}
		batch = append(batch, statement{`UPDATE artefacts SET arrived = $2, state = $3, expires_at = $4 WHERE blob = $1`, []any{blob, a.Arrived, string(a.State), micros(a.ExpiresAt)}})
		_, err = db.execAll(ctx, batch)
		return err
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

// RemoveArtefact implements pipeline.Artefacts.
func (st artefactStore) RemoveArtefact(ctx context.Context, org polls.OrgID, id compute.ArtefactID) error {
	return st.write(ctx, func(db querier) error {
		n, err := db.exec(ctx, `UPDATE artefacts SET state = 'removed' WHERE org = $1 AND id = $2 AND state <> 'removed'`, org, id)
		if err == nil && n == 0 {
			return pipeline.ErrNoArtefact
		}
		return err
	})
}

// ExpireArtefacts implements pipeline.Artefacts.
func (st artefactStore) ExpireArtefacts(ctx context.Context, now time.Time) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.exec(ctx, `UPDATE artefacts SET state = 'removed' WHERE state = 'uploading' AND expires_at <= $1`, micros(now))
		return err
	})
}

// RemovedArtefacts implements pipeline.Artefacts.
func (st artefactStore) RemovedArtefacts(ctx context.Context, limit int) (list []*pipeline.Artefact, err error) {
	err = st.read(ctx, func(db querier) error {
		list = nil
		return db.query(ctx, func(r row) error {
			a, err := scanArtefact(r)
			list = append(list, a)
			return err
		}, `SELECT `+artefactColumns+` FROM artefacts WHERE state = 'removed' ORDER BY blob LIMIT $1`, limit)
	})
	return list, err
}

// ForgetArtefact implements pipeline.Artefacts.
func (st artefactStore) ForgetArtefact(ctx context.Context, blob string) error {
	return st.write(ctx, func(db querier) error {
		_, err := db.execAll(ctx, []statement{
			{`DELETE FROM artefact_pieces WHERE blob = $1`, []any{blob}},
			{`DELETE FROM artefact_hashes WHERE blob = $1`, []any{blob}},
			{`DELETE FROM artefacts WHERE blob = $1 AND state = 'removed'`, []any{blob}},
		})
		return err
	})
}
