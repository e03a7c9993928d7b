//go:build !linux && !darwin && !windows

package machine

import "context"

// Read knows nothing of this system.
func (r *Reader) Read(context.Context) State { return State{Mains: Unknown, Metered: Unknown} }
