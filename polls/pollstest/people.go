package pollstest

import (
	"sync"
	"time"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/polls"
)

func testPeople(w *World) {
	ctx := w.T.Context()
	d := w.Person()
	got, err := w.Store.Device(ctx, d.Device)
	w.must(err)
	w.same("device", *got, d)
	r, err := w.Store.Respondent(ctx, d.Respondent)
	w.must(err)
	w.same("respondent", r, polls.Respondent{ID: d.Respondent, Wallet: d.Wallet, CreatedAt: w.Now})
	_, err = w.Store.Respondent(ctx, "rsp_none")
	w.want("unknown respondent", err, polls.ErrNoRespondent)
	_, err = w.Store.Device(ctx, polls.DeviceKey{1})
	w.want("unknown device", err, polls.ErrUnknownDevice)

	at := w.Now.Add(time.Minute)
	w.want("revoking a stranger's device", w.Store.RevokeDevice(ctx, w.Person().Respondent, d.Device, at), polls.ErrUnknownDevice)
	w.want("revoking an unknown device", w.Store.RevokeDevice(ctx, d.Respondent, polls.DeviceKey{1}, at), polls.ErrUnknownDevice)
	w.must(w.Store.RevokeDevice(ctx, d.Respondent, d.Device, at))
	w.must(w.Store.RevokeDevice(ctx, d.Respondent, d.Device, at.Add(time.Hour)))
	d.RevokedAt = at
	got, err = w.Store.Device(ctx, d.Device)
	w.must(err)
	w.same("revoked device", *got, d)
}

func testRegistration(w *World) {
	ctx := w.T.Context()
	first := w.Person()
	register := func(d polls.Device, id polls.RespondentID) (polls.Respondent, error) {
		return w.Store.Register(ctx, polls.Respondent{ID: id, Wallet: d.Wallet, CreatedAt: w.Now}, d)
	}
	stored := func() polls.Device {
		w.T.Helper()
		d, err := w.Store.Device(ctx, first.Device)
		w.must(err)
		return *d
	}
	created := polls.Respondent{ID: first.Respondent, Wallet: first.Wallet, CreatedAt: w.Now}

	// The same delegation again, sent later: nothing changes, not even when it was registered.
	again := first
	w.Now = w.Now.Add(time.Hour)
	again.RegisteredAt = w.Now
	r, err := register(again, "rsp_new")
	w.must(err)
	w.same("respondent", r, created)
	w.same("device", stored(), first)

	// A revoked device stays so under its old delegation, and comes back under a newer one.
	w.must(w.Store.RevokeDevice(ctx, first.Respondent, first.Device, w.Now))
	_, err = register(again, "rsp_new")
	w.must(err)
	if stored().RevokedAt.IsZero() {
		w.T.Error("an old delegation lifted a revocation")
	}
	newer := again
	newer.Issued, newer.Expires, newer.Signature[7] = first.Issued.Add(time.Minute), first.Expires.Add(time.Hour), 99
	r, err = register(newer, "rsp_new")
	w.must(err)
	w.same("respondent", r, created)
	newer.Respondent = first.Respondent
	w.same("device", stored(), newer)
	_, err = register(first, "rsp_new") // and the old one does not come back
	w.must(err)
	w.same("device", stored(), newer)

	// Somebody else cannot take the key, and gets no account by trying.
	thief := newer
	thief.Wallet[0] ^= 1
	thief.Issued = newer.Issued.Add(time.Hour)
	_, err = register(thief, "rsp_thief")
	w.want("another wallet's device", err, polls.ErrDeviceTaken)
	_, err = w.Store.Respondent(ctx, "rsp_thief")
	w.want("the thief", err, polls.ErrNoRespondent)
	w.same("device", stored(), newer)

	// A second device belongs to the same person.
	second := newer
	second.Device[0] ^= 1
	second.RegisteredAt = w.Now.Add(time.Hour)
	r, err = register(second, "rsp_new")
	w.must(err)
	w.same("respondent", r, created)
	devices, err := w.Store.Devices(ctx, first.Respondent)
	w.must(err)
	w.same("devices", devices, []polls.Device{newer, second})
	devices, err = w.Store.Devices(ctx, "rsp_none")
	if err != nil || len(devices) != 0 {
		w.T.Errorf("a stranger's devices: %v, %v", devices, err)
	}
}

// testRegistrationRace registers one wallet from many places at once, each with a device of its own.
func testRegistrationRace(w *World) {
	const n = 16
	ids := make([]polls.RespondentID, n)
	var wg sync.WaitGroup
	for i := range n {
		d := polls.Device{RegisteredAt: w.Now, Delegation: polls.Delegation{Wallet: polls.Wallet{7}, Device: polls.DeviceKey{byte(i + 1)}, Issued: w.Now, Expires: w.Now.Add(time.Hour)}}
		wg.Go(func() {
			r, err := w.Store.Register(w.T.Context(), polls.Respondent{ID: polls.RespondentID(tasknet.NewID(polls.RespondentPrefix, w.Now)), Wallet: d.Wallet, CreatedAt: w.Now}, d)
			if err != nil {
				w.T.Error(err)
			}
			ids[i] = r.ID
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			w.T.Fatalf("one wallet became several respondents: %s", ids)
		}
	}
	devices, err := w.Store.Devices(w.T.Context(), ids[0])
	if err != nil || len(devices) != n {
		w.T.Errorf("%d devices, %v; want %d", len(devices), err, n)
	}
}

func testRequesters(w *World) {
	ctx := w.T.Context()
	got, err := w.Store.Org(ctx, w.Org.ID)
	w.must(err)
	w.same("org", got, w.Org)
	_, err = w.Store.Org(ctx, "org_none")
	w.want("unknown org", err, polls.ErrNoOrg)

	orgs := []polls.Org{w.Org}
	for range 6 {
		w.Now = w.Now.Add(time.Second)
		orgs = append(orgs, w.NewOrg("Newt Survey"))
	}
	var listed []polls.Org
	page := tasknet.Page{Limit: 3}
	for {
		list, next, err := w.Store.Orgs(ctx, page)
		w.must(err)
		listed = append(listed, list...)
		if next == "" {
			break
		}
		page.After = next
	}
	w.same("orgs", listed, orgs)

	var keys []polls.Key // newest first
	for i := range 7 {
		w.Now = w.Now.Add(time.Second)
		k := polls.Key{ID: polls.KeyID(tasknet.NewID(polls.KeyPrefix, w.Now)), Org: w.Org.ID, Name: "laptop", SecretHash: [32]byte{byte(i)}, CreatedAt: w.Now}
		w.must(w.Store.CreateKey(ctx, k))
		keys = append([]polls.Key{k}, keys...)
	}
	var listedKeys []polls.Key
	page = tasknet.Page{Limit: 3}
	for {
		list, next, err := w.Store.Keys(ctx, w.Org.ID, page)
		w.must(err)
		listedKeys = append(listedKeys, list...)
		if next == "" {
			break
		}
		page.After = next
	}
	w.same("keys", listedKeys, keys)
	list, next, err := w.Store.Keys(ctx, orgs[1].ID, page)
	if err != nil || len(list) != 0 || next != "" {
		w.T.Errorf("another org's keys: %v, %q, %v", list, next, err)
	}

	k := keys[3]
	used, revoked := w.Now.Add(time.Minute), w.Now.Add(time.Hour)
	w.must(w.Store.UseKey(ctx, k.ID, used))
	w.must(w.Store.UseKey(ctx, k.ID, used.Add(-time.Second))) // late news
	w.want("revoking another org's key", w.Store.RevokeKey(ctx, orgs[1].ID, k.ID, revoked), polls.ErrNoKey)
	w.want("revoking an unknown key", w.Store.RevokeKey(ctx, w.Org.ID, "key_none", revoked), polls.ErrNoKey)
	w.must(w.Store.RevokeKey(ctx, w.Org.ID, k.ID, revoked))
	w.must(w.Store.RevokeKey(ctx, w.Org.ID, k.ID, revoked.Add(time.Hour)))
	k.UsedAt, k.RevokedAt = used, revoked
	stored, err := w.Store.Key(ctx, k.SecretHash)
	w.must(err)
	w.same("key", stored, k)
	_, err = w.Store.Key(ctx, [32]byte{0xff})
	w.want("unknown key", err, polls.ErrNoKey)
}
