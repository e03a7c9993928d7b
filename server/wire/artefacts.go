package wire

// NewArtefact is the body of POST /v1/artefacts: the manifest of what is to be uploaded.
type NewArtefact struct {
	Length int64  `json:"length" minimum:"0" doc:"Bytes"`
	Pieces []byte `json:"pieces,omitempty" doc:"The SHA-256 of each piece of 4 MiB, of which the last is the rest, one after the other, in base64; absent where there is no byte"`
	Name   string `json:"name,omitempty" maxLength:"200" doc:"What you call it; it means nothing to the server" example:"digits.safetensors"`
	Type   string `json:"type,omitempty" maxLength:"200" doc:"Its media type; it means nothing to the server" example:"application/octet-stream"`
}

// Artefact is bytes that are kept under their hash.
type Artefact struct {
	ID        string       `json:"id" doc:"art_ and 64 hex digits: tasknet/artefact/v1 of {length, root}, root being that of the Merkle tree of RFC 6962 over the SHA-256 of the pieces"`
	State     string       `json:"state" enum:"uploading,complete"`
	Length    int64        `json:"length" doc:"Bytes"`
	Pieces    int          `json:"pieces" doc:"How many there are"`
	Arrived   int          `json:"arrived" doc:"How many of them the server has"`
	Missing   []PieceRange `json:"missing,omitempty" doc:"The first that it does not have, as at most 1000 ranges; when they are sent, ask for others. Not in lists, nor in the replies to pieces"`
	Name      string       `json:"name,omitempty"`
	Type      string       `json:"type,omitempty"`
	CreatedAt Time         `json:"created_at"`
	ExpiresAt *Time        `json:"expires_at,omitempty" doc:"When the upload is removed unless another piece comes; absent when it is complete"`
}

// PieceRange is pieces that follow each other, counted from 0.
type PieceRange struct {
	First int `json:"first"`
	Last  int `json:"last" doc:"It is one of them"`
}

// Artefacts is a page of artefacts.
type Artefacts struct {
	Page
	Artefacts []Artefact `json:"artefacts"`
}

// ArtefactManifest says what an artefact consists of.
type ArtefactManifest struct {
	ID     string `json:"id"`
	Length int64  `json:"length" doc:"Bytes"`
	Pieces []byte `json:"pieces" doc:"The SHA-256 of each piece of 4 MiB, of which the last is the rest, one after the other, in base64"`
}
