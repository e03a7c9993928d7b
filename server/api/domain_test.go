package api

import (
	"bytes"
	"testing"

	"github.com/tasknet/tasknet/server/client"
	"github.com/tasknet/tasknet/server/wire"
)

func TestDomains(t *testing.T) {
	s, other := newSigner(bytes.Repeat([]byte{7}, 32)), newSigner(bytes.Repeat([]byte{8}, 32))
	groups := [][]string{
		{"198.51.100.1", "198.51.100.254", "::ffff:198.51.100.7", "64:ff9b::c633:6407"},
		{"198.51.101.1"},
		{"203.0.113.1"},
		{"2001:db8:1::1", "2001:db8:1:ffff::1"},
		{"2001:db8:2::1"},
		{"127.0.0.1", "127.9.9.9", "::1", "0.0.0.0"},
		{"10.0.0.1", "10.200.0.1", "192.168.1.1", "172.16.5.5", "100.64.0.9", "169.254.1.1", "fd00:1::1", "fe80::1%eth0"},
		{"172.32.0.1"},
		{"100.128.0.1"},
		{"", "nonsense"},
	}
	of := make(map[string]int)
	for i, group := range groups {
		for _, ip := range group {
			name := s.domainOf(ip)
			if known, ok := of[name]; ok && known != i || !ok && ip != group[0] {
				t.Errorf("%s is in the domain of %s", ip, groups[known][0])
			}
			of[name] = i
		}
	}
	if len(of) != len(groups) {
		t.Errorf("%d groups of addresses have %d names", len(groups), len(of))
	}
	name := s.domainOf("198.51.100.1")
	if len(name) != 2*domainSize || name == other.domainOf("198.51.100.1") {
		t.Errorf("a domain is called %s", name)
	}
}

// TestNodeIsLocated: where a node is follows from the address that it asks for work from, and no address is kept.
func TestNodeIsLocated(t *testing.T) {
	w := newWorld(t, func(d *Deps) { d.TrustProxy = true })
	keys, err := client.NewKeys()
	w.must(err)
	n, err := w.client.Node(t.Context(), keys)
	w.must(err)
	_, err = n.Join(t.Context(), "a node", testCapability)
	w.must(err)
	r, err := w.client.Respondent(t.Context(), keys)
	w.must(err)
	token := w.token(r)
	var names []string
	for _, ip := range []string{"198.51.100.1", "198.51.100.2", "203.0.113.1", "203.0.113.1", "198.51.100.1"} {
		read[wire.Work](w, w.as(token, "POST", "/v1/work", "{}", "X-Forwarded-For", "192.0.2.1, "+ip), 200)
		now, err := w.server.Stores.Jobs().Node(t.Context(), keys.DeviceKey())
		w.must(err)
		names = append(names, now.Domain)
	}
	if a, b := names[0], names[2]; a == "" || a == b || names[1] != a || names[3] != b || names[4] != a {
		t.Errorf("it was in %q", names)
	}
}
