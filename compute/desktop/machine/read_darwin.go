package machine

import "context"

// Read reads how the computer is doing, from pmset and ioreg. The system tells programs neither its temperature nor what volume
// costs, and does not count apart what has low priority.
func (r *Reader) Read(ctx context.Context) State {
	s := State{Mains: Unknown, Metered: Unknown}
	if said, err := r.run(ctx, "pmset", "-g", "batt"); err == nil {
		s.Mains = parsePmset(said)
	}
	if said, err := r.run(ctx, "ioreg", "-c", "IOHIDSystem", "-d", "4"); err == nil {
		s.IdleSeconds = parseIoreg(said)
	}
	return s
}
