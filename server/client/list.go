package client

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"strconv"
)

// list yields the items of a list, page by page, as long as they are wanted. of returns a page's items and the cursor
// of the next. After an error nothing more comes.
func list[P, T any](ctx context.Context, c doer, r call, limit int, of func(*P) ([]T, string)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for cursor := ""; ; {
			query := paging(cursor, limit)
			maps.Copy(query, r.query)
			next := r
			next.query = query
			var page P
			if err := c.do(ctx, next, &page); err != nil {
				yield(none, err)
				return
			}
			items, after := of(&page)
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if after == "" {
				return
			}
			if after == cursor {
				yield(none, fmt.Errorf("%w (the list %v does not go on)", ErrProtocol, r.path))
				return
			}
			cursor = after
		}
	}
}

// paging asks for a page of a list.
func paging(cursor string, limit int) url.Values {
	query := url.Values{"limit": {strconv.Itoa(limit)}}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	return query
}

// Page sizes. A question's record holds up to a thousand answers, so few of them make a page.
const (
	pageSize    = 200
	recordsSize = 20
)

// doer sends calls: a Client, or a Respondent who adds a token.
type doer interface {
	do(ctx context.Context, r call, out any) error
}

// fetch sends a call and returns what it is answered with.
func fetch[T any](ctx context.Context, c doer, r call) (T, error) {
	var out T
	err := c.do(ctx, r, &out)
	return out, err
}
