package wire

// Move is how far a wallet's key is on its way from one phone to another. The phones seal what they say; the server cannot read it.
type Move struct {
	ID       string   `json:"id"`
	Expires  Time     `json:"expires_at" doc:"Five minutes after it was begun, or after it was claimed"`
	Messages []string `json:"messages" doc:"What was said, in order: the first by the new phone, the two that follow by the old one; none when it is done"`
	Done     bool     `json:"done" doc:"The new phone has the key"`
}

// MoveClaim is what the new phone says.
type MoveClaim struct {
	Ticket  string `json:"ticket" minLength:"22" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"base64url" doc:"A random value of 16 bytes or more that the new phone makes; with it the same phone may ask again"`
	Message string `json:"message" minLength:"1" maxLength:"2048" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"base64url" doc:"The first message"`
	After   *int   `json:"after,omitempty" minimum:"0" maximum:"3" doc:"Wait up to 15 seconds until more messages than these were said, or it is done; left out: reply at once"`
	Done    bool   `json:"done,omitempty" doc:"The new phone has the key: what was said is forgotten"`
}

// MoveMessage is what the old phone says.
type MoveMessage struct {
	Number  int    `json:"number" minimum:"2" maximum:"3" doc:"Which message it is; sent again, the same one changes nothing"`
	Message string `json:"message" minLength:"1" maxLength:"2048" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"base64url"`
}
