package api

import (
	"encoding/hex"
	"net/netip"
)

// domainSize is how many bytes name a network domain: no two have one name.
const domainSize = 16

// domainOf names the network domain of an address: who checks whose work should be in another. The name is a keyed hash, so that who has
// the database alone cannot find the network out, nor try all there are.
func (s signer) domainOf(ip string) string {
	return hex.EncodeToString(mac(s.domain, []byte(domain(ip)))[:domainSize])
}

var (
	providersNetwork = netip.MustParsePrefix("100.64.0.0/10") // behind a provider's NAT, as the provider's own servers see it
	fromIPv4         = netip.MustParsePrefix("64:ff9b::/96")  // what a gateway makes of IPv4
)

// domain is the network domain of an address.
//
// IPv4: the /24, the least that is routed on the internet, so that neighbours in a rack, at a provider of few addresses or behind one
// router share it. A /16 would throw together whole cities at one provider, whose nodes then could not check each other, and who rents
// machines far apart gets others anyway. IPv6: the /48, the most that one site is given, however many /64 it shows itself from.
//
// This machine is one domain. All private addresses are one as well: the network behind them is one hand's, whatever its numbers, and
// where a server sees its proxy's address in place of the nodes' (TRUST_PROXY is not set) nobody is taken for far apart.
func domain(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return "unknown"
	}
	a = a.Unmap().WithZone("")
	if fromIPv4.Contains(a) {
		raw := a.As16()
		a = netip.AddrFrom4([4]byte(raw[12:]))
	}
	switch {
	case a.IsLoopback() || a.IsUnspecified():
		return "loopback"
	case a.IsPrivate() || a.IsLinkLocalUnicast() || providersNetwork.Contains(a):
		return "private"
	}
	bits := 48
	if a.Is4() {
		bits = 24
	}
	p, _ := a.Prefix(bits) // fails for other lengths only
	return p.String()
}
