package wire

import "encoding/json"

// NewDataset is the body of POST /v1/projects/{id}/datasets.
type NewDataset struct {
	Labels string `json:"labels,omitempty" enum:"auto,verdicts" default:"auto" doc:"verdicts: what each question closed with. auto: the answers to all closed tasks together, by a method that learns who is good, which is named; too many answers for that are reported as a problem"`
}

// Dataset is a version of a project's labels.
type Dataset struct {
	ID        string          `json:"id"`
	Project   string          `json:"project"`
	State     string          `json:"state" enum:"sealing,sealed,failed"`
	Labels    string          `json:"labels" enum:"auto,verdicts"`
	Method    string          `json:"method,omitempty" doc:"Of auto: which was chosen"`
	Reason    string          `json:"reason,omitempty" doc:"Why that method"`
	Problem   string          `json:"problem,omitempty" doc:"Why it was not sealed"`
	Rows      int             `json:"rows"`
	Root      string          `json:"root,omitempty" doc:"Of the RFC 6962 Merkle tree over the hashes of the rows, by key"`
	Hash      string          `json:"hash,omitempty" doc:"tasknet/dataset/v1 over the manifest: the same content has the same"`
	Manifest  json.RawMessage `json:"manifest,omitempty"`
	CreatedAt Time            `json:"created_at"`
	SealedAt  *Time           `json:"sealed_at,omitempty"`
}

// Datasets is a page of versions, newest first.
type Datasets struct {
	Page
	Datasets []Dataset `json:"datasets"`
}

// DatasetRow is a task in a version, with what it showed and what was said.
type DatasetRow struct {
	Key     string          `json:"key"`
	Hash    string          `json:"hash" doc:"tasknet/dataset-row/v1 over the record"`
	Record  json.RawMessage `json:"record" doc:"Label, soft labels, method, the hashes of question and answers, and the leaves of the public log that the answers are"`
	Text    string          `json:"text,omitempty"`
	Choices []string        `json:"choices"`
	Image   *Image          `json:"image,omitempty"`
	Extras
	Truth   *Given          `json:"truth,omitempty" doc:"What you know to be the answer; left out when you gave nothing"`
	Answers []DatasetAnswer `json:"answers" doc:"Those that their respondents have had erased are left out; the record still has their hashes"`
}

// DatasetAnswer is what one respondent answered.
type DatasetAnswer struct {
	Worker string `json:"worker" doc:"A pseudonym: the same person has the same within a version, and another in another"`
	Given
	At Time `json:"at"`
}

// DatasetRows is a page of rows, by key.
type DatasetRows struct {
	Page
	Rows []DatasetRow `json:"rows"`
}

// DatasetChange is a task that differs between two versions.
type DatasetChange struct {
	Key    string        `json:"key"`
	Change string        `json:"change" enum:"added,removed,relabeled,recounted" doc:"recounted: the label is the same; its confidence, answers or question are not"`
	From   *DatasetLabel `json:"from,omitempty"`
	To     *DatasetLabel `json:"to,omitempty"`
}

// DatasetLabel is a label in a version.
type DatasetLabel struct {
	Given
	Confidence string `json:"confidence"`
	Method     string `json:"method"`
}

// DatasetDiff is a page of changes, by key.
type DatasetDiff struct {
	Page
	Changes []DatasetChange `json:"changes"`
}
