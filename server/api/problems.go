package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"

	"github.com/tasknet/tasknet"
)

// problemsPath is where the page of all codes is; a code is its fragment.
const problemsPath = "/docs/problems"

// problemsTable has the codes of all errors that a server can answer with. It is made of where the code makes errors, by
// go test ./server/api -run TestProblemsTable -update.
//
//go:embed problems.json
var problemsTable []byte

//go:embed problems.html
var problemsPage string

// knownProblem is a row of the table.
type knownProblem struct {
	Code    string       `json:"code"`
	Kind    tasknet.Kind `json:"kind"`
	Details []string     `json:"details"` // sentences that come with it, with … where they tell of the case
}

// problemsOf are the codes that have an HTTP status.
type problemsOf struct {
	Status         int
	Title, Meaning string
	Problems       []knownProblem
}

// meanings say what a status means here, and what to do about it.
var meanings = map[int]string{
	http.StatusInternalServerError:         "A fault of this server, which was logged. Try again; when it stays, tell who runs the server, with the number that the detail has.",
	http.StatusBadRequest:                  "The request makes no sense as it is. Sent again, it fails again: correct it first.",
	http.StatusUnauthorized:                "It is not known who is asking. Send an API key or a respondent's token as Authorization: Bearer.",
	http.StatusForbidden:                   "It is known who is asking, and they may not do this.",
	http.StatusNotFound:                    "There is no such thing, or it is not yours to see.",
	http.StatusConflict:                    "The state of things does not allow it. Read how things stand, and decide anew.",
	http.StatusPaymentRequired:             "The account does not hold enough. Deposit more, then send the same request again.",
	http.StatusRequestEntityTooLarge:       "Something is over a limit of size; /v1/instance lists the limits.",
	http.StatusTooManyRequests:             "Something was done too often. Wait for as many seconds as the Retry-After header says, then go on.",
	http.StatusServiceUnavailable:          "A part of the server does not answer now. Try again in a while.",
	http.StatusGatewayTimeout:              "Who was to answer did not do so in the time that you gave. What comes later does not count; ask again.",
	http.StatusNotImplemented:              "This server, as it was built and set up, cannot do it.",
	http.StatusMethodNotAllowed:            "The address is right and the method is not.",
	http.StatusUnsupportedMediaType:        "The body is not of the form that the address takes.",
	http.StatusRequestTimeout:              "The request did not arrive in time. Send it again.",
	http.StatusRequestHeaderFieldsTooLarge: "The request has too many headers, or too long ones.",
}

// renderProblems makes the page of all codes.
func renderProblems() ([]byte, error) {
	var table []knownProblem
	if err := json.Unmarshal(problemsTable, &table); err != nil {
		return nil, err
	}
	byStatus := make(map[int]*problemsOf)
	for _, p := range table {
		status := statusOf(p.Kind, p.Code)
		if byStatus[status] == nil {
			meaning, ok := meanings[status]
			if !ok {
				return nil, fmt.Errorf("nothing is said of status %d, which %s has", status, p.Code)
			}
			byStatus[status] = &problemsOf{Status: status, Title: http.StatusText(status), Meaning: meaning}
		}
		byStatus[status].Problems = append(byStatus[status].Problems, p)
	}
	page, err := template.New("problems").Parse(problemsPage)
	if err != nil {
		return nil, err
	}
	all := make([]*problemsOf, 0, len(byStatus))
	for _, each := range byStatus {
		all = append(all, each)
	}
	slices.SortFunc(all, func(a, b *problemsOf) int { return a.Status - b.Status })
	var out bytes.Buffer
	err = page.Execute(&out, all)
	return out.Bytes(), err
}
