package polls

import "time"

// Org is an organisation that asks: a requester.
type Org struct {
	ID        OrgID
	Name      string
	CreatedAt time.Time
}

// KeyID is the id of an API key.
type KeyID string

// Key is an API key of an organisation. Only the hash of its secret is kept.
type Key struct {
	ID         KeyID
	Org        OrgID
	Name       string
	SecretHash [32]byte // SHA-256; the secret has 256 random bits, so no slow hash is needed
	CreatedAt  time.Time
	UsedAt     time.Time // to the minute; zero before the first use
	RevokedAt  time.Time // zero while it is not
}
