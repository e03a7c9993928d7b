package tasknet

// Page asks for a part of a list: at most Limit items that come after the one whose cursor is After. An empty After is
// the start. Stores return with each page the cursor of the next, empty at the end.
type Page struct {
	After string
	Limit int
}

// Bounds of Page.Limit.
const (
	PageLimitDefault = 50
	PageLimitMax     = 500
)
