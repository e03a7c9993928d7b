// Package media takes images in, makes them safe to show, and keeps them by the hash of their bytes. What comes in is
// believed in nothing: its type is sniffed, its size is checked before it is decoded, and it is encoded anew, so that
// neither metadata nor anything hidden after the picture is kept. It knows no questions and serves nothing itself.
package media
