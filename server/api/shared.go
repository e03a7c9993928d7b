package api

import "context"

// heavyAtOnce is how many of the reads that take long run at a time, whoever asks for how many of them.
const heavyAtOnce = 2

// shared does a read that takes long, once for all who ask for the same at the same time.
func shared[T any](s *Server, key string, read func(context.Context) (T, error)) (T, error) {
	v, err, _ := s.flights.Do(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(s.base, requestTime) // not the first caller's: it is for others, too
		defer cancel()
		select {
		case s.heavy <- struct{}{}:
			defer func() { <-s.heavy }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		return read(ctx)
	})
	if err != nil {
		var none T
		return none, err
	}
	return v.(T), nil
}
