package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
)

// audioFormats are the types of clips that are kept, by how they begin; '?' stands for any byte.
var audioFormats = []struct{ kind, magic string }{
	{"audio/mpeg", "ID3"},
	{"audio/mpeg", "\xff\xfb"},
	{"audio/mpeg", "\xff\xf3"},
	{"audio/mpeg", "\xff\xf2"},
	{"audio/ogg", "OggS"},
	{"audio/wav", "RIFF????WAVE"},
	{"audio/mp4", "????ftypM4A "},
}

// audioType returns the type of an audio clip; nothing when body is none.
func audioType(body []byte) string {
	for _, f := range audioFormats {
		if hasMagic(body, f.magic) {
			return f.kind
		}
	}
	return ""
}

// addAudio keeps a clip as it is: encoding it anew would cost its quality, and browsers play it in a sandbox.
func (l *Library) addAudio(ctx context.Context, kind string, body []byte) (Medium, error) {
	if len(body) > BytesMax {
		return Medium{}, ErrTooLarge
	}
	hash := sha256.Sum256(body)
	clip := Medium{Hash: hex.EncodeToString(hash[:]), Type: kind, Bytes: len(body)}
	return clip, l.Save(ctx, clip, body)
}
