package store

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/compute"
	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/server/pipeline"
)

var artefactTime = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// artefactOf makes an artefact of so many pieces, the last of which has 5 bytes. Others of the same number have other hashes.
func artefactOf(t *testing.T, org polls.OrgID, pieces, other int) (*pipeline.Artefact, *compute.Manifest) {
	t.Helper()
	m := &compute.Manifest{Length: int64(pieces-1)*compute.PieceSize + 5, Pieces: make([][32]byte, pieces)}
	for i := range m.Pieces {
		m.Pieces[i] = sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i*1000+other)))
	}
	id, err := m.ID()
	if err != nil {
		t.Fatal(err)
	}
	return &pipeline.Artefact{
		Blob: tasknet.NewID("blob", artefactTime), Org: org, ID: id, Name: "weights", MediaType: "application/octet-stream", Length: m.Length,
		State: pipeline.ArtefactUploading, CreatedAt: artefactTime, ExpiresAt: artefactTime.Add(time.Hour),
	}, m
}

func newOrgs(t *testing.T, db *DB, n int) []polls.OrgID {
	t.Helper()
	out := make([]polls.OrgID, n)
	for i := range out {
		out[i] = polls.OrgID(tasknet.NewID(polls.OrgPrefix, artefactTime))
		if err := db.Polls().CreateOrg(t.Context(), polls.Org{ID: out[i], Name: "Mills", CreatedAt: artefactTime}); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

const plenty = 1 << 40

func TestArtefacts(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx, db := t.Context(), open(t, config(t))
		st, orgs := db.Artefacts(), newOrgs(t, db, 2)
		const pieces = hashesInRow + 3
		a, m := artefactOf(t, orgs[0], pieces, 0)
		kept, err := st.CreateArtefact(ctx, a, m, plenty)
		if diff := cmp.Diff(a, kept); diff != "" || err != nil {
			t.Fatalf("created (-want +got):\n%s%v", diff, err)
		}
		again, _ := artefactOf(t, orgs[0], pieces, 0)
		if kept, err = st.CreateArtefact(ctx, again, m, plenty); err != nil || kept.Blob != a.Blob {
			t.Errorf("created again: %+v, %v", kept, err)
		}
		others, _ := artefactOf(t, orgs[1], pieces, 0)
		if kept, err = st.CreateArtefact(ctx, others, m, plenty); err != nil || kept.Blob != others.Blob || kept.Arrived != 0 {
			t.Errorf("of another organisation: %+v, %v", kept, err)
		}
		got, err := st.Artefact(ctx, orgs[0], a.ID)
		if diff := cmp.Diff(a, got); diff != "" || err != nil {
			t.Errorf("found (-want +got):\n%s%v", diff, err)
		}

		// Hashes come from any piece on, up to the end of a row of them.
		for _, c := range []struct{ from, limit, want int }{{0, 1, 1}, {5, 3, 3}, {hashesInRow - 2, 10, 2}, {hashesInRow, 10, 3}, {hashesInRow + 2, 1, 1}, {pieces, 1, 0}, {0, pieces, hashesInRow}} {
			hashes, err := st.PieceHashes(ctx, a.Blob, c.from, c.limit)
			if err != nil || string(hashes) != string((&compute.Manifest{Pieces: m.Pieces[c.from:min(c.from+c.want, pieces)]}).Encode()) {
				t.Errorf("hashes from %d: %d bytes, %v", c.from, len(hashes), err)
			}
		}

		missing := func(limit int, want ...pipeline.PieceRange) {
			t.Helper()
			now, err := st.Artefact(ctx, orgs[0], a.ID)
			if err != nil {
				t.Fatal(err)
			}
			got, err := st.MissingPieces(ctx, now, limit)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("missing (-want +got):\n%s%v", diff, err)
			}
		}
		missing(9, pipeline.PieceRange{First: 0, Last: pieces - 1})
		until := artefactTime.Add(2 * time.Hour)
		for i, n := range []int{3, 0, 3, pieces - 1} {
			after, err := st.AddPiece(ctx, a.Blob, n, until)
			if err != nil || after.Arrived != []int{1, 2, 2, 3}[i] || i != 2 && !after.ExpiresAt.Equal(until) || after.State != pipeline.ArtefactUploading {
				t.Errorf("piece %d: %+v, %v", n, after, err)
			}
		}
		missing(9, pipeline.PieceRange{First: 1, Last: 2}, pipeline.PieceRange{First: 4, Last: pieces - 2})
		missing(1, pipeline.PieceRange{First: 1, Last: 2})
		list, next, err := st.Artefacts(ctx, orgs[0], tasknet.Page{Limit: 1})
		if err != nil || next != "" || len(list) != 1 || list[0].Arrived != 3 {
			t.Errorf("listed: %+v, %q, %v", list, next, err)
		}
	})
}

// TestArtefactCompletes: of pieces that come at the same time, twice each, exactly the last makes the artefact complete.
func TestArtefactCompletes(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx, db := t.Context(), open(t, config(t))
		st, orgs := db.Artefacts(), newOrgs(t, db, 1)
		const pieces = 12
		a, m := artefactOf(t, orgs[0], pieces, 0)
		if _, err := st.CreateArtefact(ctx, a, m, plenty); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for i := range 2 * pieces {
			all.Go(func() {
				if _, err := st.AddPiece(ctx, a.Blob, i%pieces, artefactTime.Add(2*time.Hour)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		got, err := st.Artefact(ctx, orgs[0], a.ID)
		if err != nil || got.State != pipeline.ArtefactComplete || got.Arrived != pieces || !got.ExpiresAt.IsZero() {
			t.Fatalf("%+v, %v", got, err)
		}
		if missing, err := st.MissingPieces(ctx, got, 9); err != nil || len(missing) != 0 {
			t.Errorf("missing %v, %v", missing, err)
		}
		if err := st.ExpireArtefacts(ctx, artefactTime.Add(1000*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if got, err = st.Artefact(ctx, orgs[0], a.ID); err != nil || got.State != pipeline.ArtefactComplete {
			t.Errorf("a complete one expired: %+v, %v", got, err)
		}
	})
}

// TestArtefactQuota: what is uploaded at the same time, what is being removed and what is tiny count, each organisation's alone.
func TestArtefactQuota(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx, db := t.Context(), open(t, config(t))
		st, orgs := db.Artefacts(), newOrgs(t, db, 2)
		const quota = 3*compute.PieceSize + 100<<10
		var all sync.WaitGroup
		var mu sync.Mutex // guards the two below
		var made []*pipeline.Artefact
		refused := 0
		for i := range 8 {
			a, m := artefactOf(t, orgs[0], 2, i) // of a piece and 5 bytes
			all.Go(func() {
				_, err := st.CreateArtefact(ctx, a, m, quota)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					made = append(made, a)
				case errors.Is(err, pipeline.ErrArtefactQuota):
					refused++
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if len(made) != 3 || refused != 5 {
			t.Fatalf("%d were made and %d refused; 3 fit", len(made), refused)
		}
		small, m := artefactOf(t, orgs[0], 1, 9)
		if _, err := st.CreateArtefact(ctx, small, m, quota); err != nil {
			t.Errorf("a small one: %v", err)
		}
		second, m := artefactOf(t, orgs[0], 1, 10)
		if _, err := st.CreateArtefact(ctx, second, m, quota); !errors.Is(err, pipeline.ErrArtefactQuota) {
			t.Errorf("another small one: %v", err) // each counts 64 KiB
		}
		others, m := artefactOf(t, orgs[1], 2, 50)
		if _, err := st.CreateArtefact(ctx, others, m, quota); err != nil {
			t.Errorf("of another organisation: %v", err)
		}

		// Removing makes room once the pieces are gone.
		if err := st.RemoveArtefact(ctx, orgs[1], made[0].ID); !errors.Is(err, pipeline.ErrNoArtefact) {
			t.Errorf("a stranger's was removed: %v", err)
		}
		if err := st.RemoveArtefact(ctx, orgs[0], made[0].ID); err != nil {
			t.Fatal(err)
		}
		if err := st.RemoveArtefact(ctx, orgs[0], made[0].ID); !errors.Is(err, pipeline.ErrNoArtefact) {
			t.Errorf("removed again: %v", err)
		}
		if _, err := st.AddPiece(ctx, made[0].Blob, 0, artefactTime); !errors.Is(err, pipeline.ErrNoArtefact) {
			t.Errorf("a piece of one that was removed: %v", err)
		}
		same, m := artefactOf(t, orgs[0], 2, 99)
		if _, err := st.CreateArtefact(ctx, same, m, quota); !errors.Is(err, pipeline.ErrArtefactQuota) {
			t.Errorf("while one is being removed: %v", err)
		}
		if err := st.ForgetArtefact(ctx, made[0].Blob); err != nil {
			t.Fatal(err)
		}
		if _, err := st.CreateArtefact(ctx, same, m, quota); err != nil {
			t.Errorf("when it is gone: %v", err)
		}
	})
}

// TestArtefactExpiry: an upload that stands still ends at its time, and its id can be uploaded anew before its pieces are gone.
func TestArtefactExpiry(t *testing.T) {
	eachBackend(t, func(t *testing.T, config func(testing.TB) Config) {
		ctx, db := t.Context(), open(t, config(t))
		st, orgs := db.Artefacts(), newOrgs(t, db, 1)
		a, m := artefactOf(t, orgs[0], 3, 0)
		if _, err := st.CreateArtefact(ctx, a, m, plenty); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			at   time.Duration
			ends bool
		}{{time.Hour - time.Microsecond, false}, {time.Hour, true}} {
			if err := st.ExpireArtefacts(ctx, artefactTime.Add(c.at)); err != nil {
				t.Fatal(err)
			}
			if _, err := st.Artefact(ctx, orgs[0], a.ID); errors.Is(err, pipeline.ErrNoArtefact) != c.ends {
				t.Errorf("after %v: %v", c.at, err)
			}
		}
		anew, _ := artefactOf(t, orgs[0], 3, 0)
		if kept, err := st.CreateArtefact(ctx, anew, m, plenty); err != nil || kept.Blob != anew.Blob {
			t.Errorf("anew: %+v, %v", kept, err)
		}
		ended, err := st.RemovedArtefacts(ctx, 9)
		if err != nil || len(ended) != 1 || ended[0].Blob != a.Blob {
			t.Errorf("ended: %+v, %v", ended, err)
		}
	})
}
