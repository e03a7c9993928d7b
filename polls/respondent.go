package polls

import "time"

// Respondent is a person who answers. A wallet names one respondent, who may have several devices.
type Respondent struct {
	ID        RespondentID
	Wallet    Wallet
	CreatedAt time.Time
}

// Device is a device of a respondent, by the delegation that named it.
type Device struct {
	Respondent RespondentID
	Delegation
	RegisteredAt time.Time
	RevokedAt    time.Time // zero while it is not
}

// Usable reports whether the device may act at a moment. The error is ErrDeviceEnded.
func (d *Device) Usable(at time.Time) error {
	if !d.RevokedAt.IsZero() || !at.Before(d.Expires) {
		return ErrDeviceEnded
	}
	return nil
}
