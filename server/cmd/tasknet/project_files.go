package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"

	"github.com/tasknet/tasknet/server/wire"
)

const aboutExamples = "`file` with good and bad answers, a JSON list of {good, text, image, answer, why}, where image is the hash of an uploaded image"

// readText reads the file that a flag names.
func readText(flag, file string) (string, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return "", usagef("%s: %v", flag, err)
	}
	return string(raw), nil
}

// readExamples reads a project's examples as the API takes them, and nothing else.
func readExamples(file string) ([]wire.ProjectExample, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, usagef("--examples: %v", err)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	all := []wire.ProjectExample{}
	err = dec.Decode(&all)
	if err == nil {
		_, err = dec.Token()
	}
	if !errors.Is(err, io.EOF) || all == nil {
		return nil, usagef(`--examples: %s holds no JSON list such as [{"good":true,"text":"Win a phone!","answer":"spam","why":"It is unasked."}]`, file)
	}
	return all, nil
}
