package sdk

import "time"

// OpenAt is Open on a device with a clock.
func OpenAt(folder, server string, secrets SecureStore, listener Listener, wall func() time.Time) (*Session, error) {
	return open(folder, server, secrets, listener, wall, lookRest)
}

// OpenEager is OpenAt of a session that looks into the public log as soon as it may.
func OpenEager(folder, server string, secrets SecureStore, listener Listener, wall func() time.Time) (*Session, error) {
	return open(folder, server, secrets, listener, wall, 0)
}

// InForce is what a vault is asked.
const InForce = effective
