package main

import (
	"context"
	"iter"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tasknet/tasknet/server/client"
)

// remote is how commands reach a server.
type remote struct {
	server  string
	keyFile string
}

const (
	defaultServer = "http://127.0.0.1:8080"
	keyVariable   = "TASKNET_KEY"
)

func (r *remote) flags(cmd *cobra.Command, fallback string) {
	cmd.Flags().StringVar(&r.server, "server", fallback, "address of the server")
	env(cmd.Flags(), "server", "TASKNET_URL")
}

func (r *remote) keyFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&r.keyFile, "key-file", "", "file with the API key (default: the key is in "+keyVariable+")")
}

// client returns a client of the server that waits for it for a while when it is away.
func (r *remote) client(patience time.Duration) (*client.Client, error) {
	c, err := client.New(r.server, client.Config{Patience: patience})
	if err != nil {
		return nil, usagef("--server: %v", err)
	}
	return c, nil
}

// requester returns who acts by the API key.
func (r *remote) requester() (*client.Requester, error) {
	secret, err := r.key()
	if err != nil {
		return nil, err
	}
	c, err := r.client(0)
	if err != nil {
		return nil, err
	}
	return c.Requester(secret), nil
}

// key returns the API key. It is never a flag: other users of a machine see command lines.
func (r *remote) key() (string, error) {
	key := os.Getenv(keyVariable)
	if r.keyFile != "" {
		raw, err := os.ReadFile(r.keyFile)
		if err != nil {
			return "", usagef("--key-file: %v", err)
		}
		key = string(raw)
	}
	if key = strings.TrimSpace(key); key == "" {
		return "", usagef("set %s to an API key; a server prints one at its first start; the page /console makes others", keyVariable)
	}
	if !apiKey.MatchString(key) {
		return "", usagef("what was given as the API key is none: it begins with tn_, and has no spaces in it")
	}
	return key, nil
}

// apiKey is what an API key looks like.
var apiKey = regexp.MustCompile(`^tn_[!-~]+$`)

// simply has a command that takes no flags but --json and those that every command has do something with its words.
func simply(cmd *cobra.Command, do func(ctx context.Context, requester *client.Requester, args []string, asJSON bool) error) *cobra.Command {
	var r remote
	asJSON := false
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		requester, err := r.requester()
		if err != nil {
			return err
		}
		return do(cmd.Context(), requester, args, asJSON)
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	r.flags(cmd, defaultServer)
	r.keyFlags(cmd)
	return cmd
}

// listed reads a list to its end. It is never nil, so that as JSON it is a list.
func listed[T any](pages iter.Seq2[T, error]) ([]T, error) {
	all := []T{}
	for each, err := range pages {
		if err != nil {
			return nil, err
		}
		all = append(all, each)
	}
	return all, nil
}
