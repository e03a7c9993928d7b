package artefact

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/tasknet/tasknet"
	"github.com/tasknet/tasknet/server/pipeline"
)

// S3Config names a bucket. Its key needs to put, get and delete objects under the prefix, and nothing else.
type S3Config struct {
	URL    string // https://host/bucket, or https://host/bucket/prefix
	Region string // where the store has regions
	KeyID  string
	Secret string `json:"-"`
	Token  string `json:"-"` // of a session; most keys have none
}

// S3 keeps pieces in a bucket, as objects PREFIX/BLOB/NUMBER.
type S3 struct {
	core   minio.Core
	bucket string
	prefix string // empty, or with a slash at its end
}

var _ pipeline.PieceStore = (*S3)(nil)

// Errors of a configuration.
var (
	ErrS3URL = tasknet.NewError(tasknet.Invalid, "bad_config", "The S3 store of artefacts is an address such as https://s3.example.org/bucket or https://s3.example.org/bucket/prefix, without a password.")
	ErrS3    = tasknet.NewError(tasknet.Invalid, "bad_config", "The S3 store of artefacts does not take an object; check its address, the bucket, and that the key may put, get and delete objects there.")
)

// tries is how often a request is sent when the store does not answer it. A client tries again by itself.
const tries = 3

// NewS3 returns the store in a bucket, after it has put an object there and removed it. ErrS3URL, ErrS3.
func NewS3(ctx context.Context, cfg S3Config) (*S3, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, ErrS3URL
	}
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if bucket == "" {
		return nil, ErrS3URL
	}
	if prefix != "" {
		prefix += "/"
	}
	core, err := minio.NewCore(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(cfg.KeyID, cfg.Secret, cfg.Token), Secure: u.Scheme == "https", Region: cfg.Region, MaxRetries: tries,
	})
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrS3URL, err)
	}
	s := &S3{*core, bucket, prefix}
	const probe = "tasknet"
	err = s.put(ctx, s.prefix+probe, []byte(probe))
	if err == nil {
		err = s.core.RemoveObject(ctx, bucket, s.prefix+probe, minio.RemoveObjectOptions{})
	}
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrS3, err)
	}
	return s, nil
}

func (s *S3) key(blob string, n int) string { return s.prefix + blob + "/" + fileName(n) }

func (s *S3) put(ctx context.Context, key string, body []byte) error {
	_, err := s.core.Client.PutObject(ctx, s.bucket, key, bytes.NewReader(body), int64(len(body)), minio.PutObjectOptions{
		ContentType: "application/octet-stream", DisableMultipart: true, // which could not be that small
	})
	return err
}

// PutPiece implements pipeline.PieceStore.
func (s *S3) PutPiece(ctx context.Context, blob string, n int, piece []byte) error {
	return s3Error(s.put(ctx, s.key(blob, n), piece))
}

// OpenPiece implements pipeline.PieceStore.
func (s *S3) OpenPiece(ctx context.Context, blob string, n, from, size int) (io.ReadCloser, error) {
	var opts minio.GetObjectOptions
	if err := opts.SetRange(int64(from), int64(from+size-1)); err != nil {
		return nil, err
	}
	body, _, _, err := s.core.GetObject(ctx, s.bucket, s.key(blob, n), opts)
	if err != nil {
		return nil, s3Error(err)
	}
	return body, nil
}

// RemovePieces implements pipeline.PieceStore.
func (s *S3) RemovePieces(ctx context.Context, blob string, pieces int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	objects := make(chan minio.ObjectInfo)
	go func() {
		defer close(objects)
		for n := range pieces {
			select {
			case objects <- minio.ObjectInfo{Key: s.key(blob, n)}:
			case <-ctx.Done():
				return
			}
		}
	}()
	var first error
	for failed := range s.core.RemoveObjects(ctx, s.bucket, objects, minio.RemoveObjectsOptions{}) {
		if first == nil {
			first = failed.Err
		}
	}
	return s3Error(first)
}

// s3Error says of an error whether it passes, and whether something is lost.
func s3Error(err error) error {
	if err == nil {
		return nil
	}
	reply := minio.ToErrorResponse(err)
	_, network := errors.AsType[net.Error](err)
	switch {
	case reply.Code == minio.NoSuchKey, reply.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		return fmt.Errorf("%w (%w)", pipeline.ErrPieceLost, err)
	case reply.StatusCode == http.StatusInsufficientStorage:
		return fmt.Errorf("%w (%w)", pipeline.ErrStorageFull, err)
	case reply.StatusCode >= http.StatusInternalServerError, reply.StatusCode == http.StatusTooManyRequests, network, errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w (%w)", pipeline.ErrStorageAway, err)
	}
	return err
}
