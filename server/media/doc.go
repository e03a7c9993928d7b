// Package media takes images and audio clips in, makes them safe to show, and keeps them by the hash of their bytes. What
// comes in is believed in nothing: its type is sniffed and its size is checked. An image is encoded anew, so that neither
// metadata nor anything hidden after the picture is kept; a clip is kept as it is. It knows no questions and serves nothing
// itself.
package media
