package media

import (
	"context"
	"io"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/semaphore"

	"github.com/tasknet/tasknet"
)

// BytesMax is the largest image or clip that is taken, as it comes in.
const BytesMax = 10 << 20

// Medium is a stored image, or a stored audio clip, which has no width and height.
type Medium struct {
	Hash   string `json:"hash"` // SHA-256 of the stored bytes, in hex
	Type   string `json:"type"` // image/png, image/jpeg, or one of audio
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Bytes  int    `json:"bytes"`
}

// IsAudio reports whether it is an audio clip.
func (m Medium) IsAudio() bool { return strings.HasPrefix(m.Type, "audio/") }

// Store keeps images and clips by their hash.
type Store interface {
	// Save keeps a medium whose bytes have the hash that it names. Saving it again changes nothing.
	Save(ctx context.Context, m Medium, body []byte) error

	// Medium returns a medium, or ErrNoMedium.
	Medium(ctx context.Context, hash string) (Medium, error)

	// Open returns a medium with its bytes, which the caller must Close, or ErrNoMedium.
	Open(ctx context.Context, hash string) (Medium, io.ReadSeekCloser, error)
}

// Errors of taking images and clips in.
var (
	ErrNoMedium   = tasknet.NewError(tasknet.NotFound, "no_such_image", "There is no such image or clip; upload it first and use the hash that you get.")
	ErrTooLarge   = tasknet.NewError(tasknet.TooLarge, "image_too_large", "An image or a clip may have 10 MiB; make it smaller.")
	ErrDimensions = tasknet.NewError(tasknet.TooLarge, "image_dimensions", "An image may have 40 million pixels and 12,000 on a side; make it smaller.")
	ErrType       = tasknet.NewError(tasknet.Invalid, "bad_image_type", "Send a PNG, JPEG, GIF or WebP image, or an MP3, Ogg, WAV or M4A clip.")
	ErrBadImage   = tasknet.NewError(tasknet.Invalid, "bad_image", "The image cannot be read; it is broken or cut off. Save it again and send that.")
)

// Library takes images and clips in.
type Library struct {
	Store
	fetcher *fetcher

	// pixels bounds the memory that decoding takes, whoever sends how many images at once.
	pixels *semaphore.Weighted

	previews *lru.Cache[string, []byte] // by the hash of the image
}

// New returns a library that keeps its media in store.
func New(store Store) *Library {
	previews, _ := lru.New[string, []byte](previewsKept) // fails for sizes under 1 only
	return &Library{Store: store, fetcher: newFetcher(checkAddress), pixels: semaphore.NewWeighted(pixelsMax), previews: previews}
}

// Add makes an image of body safe and keeps it, or keeps a clip as it is. Errors of the medium are those of this package.
func (l *Library) Add(ctx context.Context, body []byte) (Medium, error) {
	if kind := audioType(body); kind != "" {
		return l.addAudio(ctx, kind, body)
	}
	p, err := inspect(body)
	if err != nil {
		return Medium{}, err
	}
	if err := l.pixels.Acquire(ctx, p.pixels()); err != nil {
		return Medium{}, err
	}
	defer l.pixels.Release(p.pixels())
	image, clean, err := p.normalize()
	if err != nil {
		return Medium{}, err
	}
	return image, l.Save(ctx, image, clean)
}

// Fetch loads an image or a clip from an address on the public internet and adds it. Errors of the medium and of the
// address are those of this package.
func (l *Library) Fetch(ctx context.Context, address string) (Medium, error) {
	body, err := l.fetcher.get(ctx, address, mediaTypes, BytesMax)
	if err != nil {
		return Medium{}, err
	}
	return l.Add(ctx, body)
}
