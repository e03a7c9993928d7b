// Package artefact keeps the pieces of artefacts: in a folder, or in a bucket of a store that speaks S3. Each piece is a file or
// an object of its own, so that it is there whole or not at all; S3's own parts of one object cannot be as small as a piece. It
// knows nothing of who owns what, and checks no hash: that is the pipeline's.
package artefact
