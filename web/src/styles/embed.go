// Package styles holds the look that all pages share: the tokens and the components of the web app, for pages of other programs.
package styles

import "embed"

// Files are tokens.css and components.css.
//
//go:embed tokens.css components.css
var Files embed.FS
